// Warnings about the tracker's history: each fault is stored as evidence, reported once, and explained by `/why` as long as it
// lasts. It does not decide what is a fault.
import { messageOf } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Clock } from '../../../core/time/clock.js';
import { timeOf } from '../../../core/time/local-time.js';
import type { HistoryFault, KeptCheckpoint } from '../../history/tracker-state.js';
import type { Session } from '../../session/port.js';
import type { Why } from '../diagnostics/why.js';
import type { Tell, Warning } from '../events.js';
import type { PeerCheckpoint } from './comparisons.js';
import { type EvidenceParts, evidenceFiles, evidenceName, type KeepEvidence } from './evidence.js';
import { FAULT_REMEDY, faultConsequence, faultReport, faultSentence } from './fault.js';

export interface AlarmParts {
  readonly session: Pick<Session, 'trackerKey'>;
  readonly keepEvidence: KeepEvidence;
  readonly why: Pick<Why, 'note' | 'hold'>;
  readonly tell: Tell;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Alarm {
  /** Has `/why` explain the fault until the next call, without a warning. */
  hold(fault: HistoryFault | null): void;
  /** Warns of the fault, once in a run of the program. */
  raise(fault: HistoryFault | null): void;
  /** The history continues again. */
  lower(): void;
  /** Stores the evidence of a finding; null if that fails. */
  store(
    kind: string,
    at: number,
    notes: Pick<EvidenceParts, 'known' | 'shown' | 'proof'>,
  ): Promise<string | null>;
  /** Warns that another terminal got a later log of the tracker, which this terminal did not get. */
  twoLogs(known: KeptCheckpoint, shown: PeerCheckpoint): Promise<void>;
  /** Explains that the tracker has another log since `since`. */
  restored(former: KeptCheckpoint, since: number): Promise<void>;
  /** Warns that the tracker does not prove its history any more. */
  withheld(): void;
  /** Warns of a checkpoint that cannot be verified. */
  unreadable(problem: string): void;
}

export function createAlarm(parts: AlarmParts): Alarm {
  const { session, keepEvidence, why, tell, clock, log } = parts;
  const reported = new Set<string>();

  function warn(type: Warning['type'], reason: string, remedy: string): void {
    tell('warning', { type, peer: null, message: `${reason} ${remedy}`, at: clock.now() });
    why.note({ event: type, by: null, reason, remedy });
  }

  function once(key: string, report: () => void): void {
    if (reported.has(key)) return;
    reported.add(key);
    report();
  }

  async function store(
    kind: string,
    at: number,
    notes: Pick<EvidenceParts, 'known' | 'shown' | 'proof'>,
    finding: string,
  ): Promise<string | null> {
    const evidence = { kind, at, finding, trackerKey: session.trackerKey, ...notes };
    try {
      return await keepEvidence(evidenceName(evidence), evidenceFiles(evidence));
    } catch (error) {
      log.error({ error }, `the evidence against the tracker cannot be stored: ${messageOf(error)}`);
      return null;
    }
  }

  function hold(fault: HistoryFault | null): void {
    if (fault === null) return why.hold(null);
    const reason = `${faultSentence(fault.kind)} ${faultConsequence(fault)}`;
    why.hold({ event: 'BrokenHistory', by: null, reason, remedy: FAULT_REMEDY, at: fault.at });
  }

  return {
    hold,
    raise(fault) {
      hold(fault);
      if (fault === null) return;
      once(`${fault.kind} ${fault.at}`, () => {
        log.error({ fault }, 'the history of the tracker is broken');
        tell('warning', {
          type: 'BrokenHistory',
          peer: null,
          message: faultReport(fault),
          at: clock.now(),
        });
      });
    },
    lower() {
      hold(null);
      const reason = 'The tracker shows its earlier history again.';
      warn(
        'MendedHistory',
        reason,
        'This terminal accepts changes from the tracker again and keeps the evidence.',
      );
    },
    store: (kind, at, notes) => {
      const isFault = kind === 'rewritten' || kind === 'rolledBack' || kind === 'forked';
      return store(kind, at, notes, isFault ? faultSentence(kind) : kind);
    },
    async twoLogs(known, { peer, checkpoint, note }) {
      const key = `two logs ${checkpoint.origin}`;
      if (reported.has(key)) return;
      reported.add(key);
      const reason = `The tracker reported a restore to a terminal of ${sanitiseLine(peer)}, but not to this terminal.`;
      const shown = { origin: checkpoint.origin, note };
      const evidence = await store('two-logs', clock.now(), { known, shown }, reason);
      const where = evidence === null ? '' : ` Evidence: ${evidence}`;
      warn('UnprovenHistory', `${reason}${where}`, 'Ask the operator of the tracker what happened.');
    },
    async restored(former, since) {
      const at = clock.now();
      const finding = `The tracker has used another log since ${new Date(since).toISOString()}.`;
      const evidence = await store('restored', at, { known: former }, finding);
      const where = evidence === null ? '' : ` The last checkpoint of the earlier log is kept in ${evidence}`;
      why.note({
        event: 'TrackerRestored',
        by: null,
        reason: `The tracker was restored from a backup: it has used another log since ${timeOf(since, at)}.${where}`,
        remedy: 'Ask the operator of the tracker whether a backup was restored.',
      });
    },
    withheld: () =>
      once('withheld', () =>
        warn(
          'UnprovenHistory',
          'The tracker no longer proves its history, so this terminal cannot detect changes of that history.',
          'Ask the operator of the tracker whether an older version was installed.',
        ),
      ),
    unreadable(problem) {
      log.warn({ problem }, 'a checkpoint of the tracker cannot be used');
      once('unreadable', () =>
        warn(
          'UnprovenHistory',
          `The tracker's proof of its history cannot be used: ${sanitiseLine(problem)}.`,
          'This terminal accepts no changes from answers without a proof. Ask the operator of the tracker what happened.',
        ),
      );
    },
  };
}
