// This terminal as a witness of the tracker's log: it verifies that each checkpoint continues the one before, keeps the newest one
// of each log, and holds the fault if the history is broken. It sends nothing itself.
import pLimit from 'p-limit';
import type { Log } from '../../../core/log.js';
import { type Checkpoint, logOrigin, readCheckpoint } from '../../../core/merkle/checkpoint.js';
import type { SyncAnswer, SyncOperation } from '../../../core/protocol/operations.js';
import { readStatement, type Signed } from '../../../core/protocol/signed/signed.js';
import { type LogStatement, logSchema } from '../../../core/protocol/signed/statements.js';
import type { Clock } from '../../../core/time/clock.js';
import type { History, KnownState } from '../../history/port.js';
import type { HistoryFault, KeptCheckpoint } from '../../history/tracker-state.js';
import type { Session } from '../../session/port.js';
import { type AlarmParts, createAlarm } from './alarm.js';
import { createComparisons } from './comparisons.js';
import { verdictOn } from './verdict.js';

export interface WitnessParts extends AlarmParts {
  readonly session: Pick<Session, 'trackerKey'>;
  readonly history: Pick<History, 'saveKnownState'>;
  /** The state that earlier runs stored. */
  readonly stored: Pick<KnownState, 'checkpoints' | 'trackerLog'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The fields of a sync by which the tracker proves its history. */
export type Claim = Pick<SyncOperation, 'checkpoint' | 'compare'>;

/** The newest checkpoint that a terminal has verified, with the tracker's statement of its log. */
export interface ShownHistory {
  readonly checkpoint: string;
  readonly log: Signed;
}

export interface Witness {
  /** The fault of the tracker's present log; null for a log without a fault. */
  readonly fault: HistoryFault | null;
  /** The newest verified checkpoint of the present log; null before the first. */
  readonly newest: Checkpoint | null;
  /** The newest verified checkpoint as it is sent to other terminals; null before the first. */
  readonly shown: ShownHistory | null;
  /** The fields to send with the next sync. */
  claim(): Claim;
  /**
   * Takes the answer to the sync with this claim. False if the answer must not be used. `identity`: the verified statement about
   * the log; null if the answer has no statement.
   */
  take(claim: Claim, identity: LogStatement | null, answer: SyncAnswer): Promise<boolean>;
  /** The tracker has another log: it was restored from a copy. The checkpoint of the log before is kept as evidence. */
  restored(log: LogStatement): Promise<void>;
  /** Compares the checkpoint that another terminal has verified, at once or with the next sync. */
  heard(peer: string, shown: ShownHistory): Promise<void>;
}

interface Kept extends KeptCheckpoint {
  readonly checkpoint: Checkpoint;
}

export function createWitness(parts: WitnessParts): Witness {
  const { session, history, stored, clock, log } = parts;
  const alarm = createAlarm(parts);
  const comparisons = createComparisons();
  const kept = new Map<string, Kept>();
  // A finding is stored before the next checkpoint is judged.
  const inTurn = pLimit(1);
  for (const one of stored.checkpoints) {
    const reading = readCheckpoint(one.note, session.trackerKey, one.origin);
    // The checkpoints of a tracker with another key are of no use.
    if ('checkpoint' in reading) kept.set(one.origin, { ...one, checkpoint: reading.checkpoint });
  }
  let present = stored.trackerLog === null ? null : logOrigin(stored.trackerLog.identity);
  const faultOf = (origin: string | null): HistoryFault | null =>
    origin === null ? null : (kept.get(origin)?.fault ?? null);
  alarm.hold(faultOf(present));

  async function keep(next: Kept): Promise<void> {
    kept.set(next.origin, next);
    const { checkpoint: _, ...row } = next;
    await history.saveKnownState({ checkpoints: [row] });
  }

  async function blame(
    kind: HistoryFault['kind'],
    known: Kept,
    shown: { readonly checkpoint: Checkpoint; readonly note: string },
    proof: readonly string[] | null | undefined,
  ): Promise<void> {
    const isKnown = known.fault !== null && (kind !== 'forked' || known.fault.kind === 'forked');
    if (isKnown) return alarm.raise(known.fault);
    const at = clock.now();
    const evidence = await alarm.store(kind, at, {
      known,
      shown: { origin: shown.checkpoint.origin, note: shown.note },
      proof: proof ?? null,
    });
    const fault = { kind, at, evidence };
    await keep({ ...known, fault });
    alarm.raise(fault);
  }

  /** Compares the checkpoint that the tracker shows with the kept one. False if it does not continue it. */
  async function follow(
    claim: Claim,
    shown: { readonly checkpoint: Checkpoint; readonly note: string; readonly log: Signed },
    proof: readonly string[] | undefined,
  ): Promise<boolean> {
    const { checkpoint, note, log: statement } = shown;
    const known = kept.get(checkpoint.origin);
    const now = clock.now();
    if (known === undefined) {
      await keep({ origin: checkpoint.origin, note, log: statement, fault: null, at: now, checkpoint });
      return true;
    }
    const isOfClaim =
      claim.checkpoint?.origin === known.origin && claim.checkpoint.size === known.checkpoint.size;
    const verdict = verdictOn(known.checkpoint, checkpoint, isOfClaim ? proof : undefined);
    if (verdict !== 'continued') {
      await blame(verdict === 'shorter' ? 'rolledBack' : 'rewritten', known, shown, proof);
      return false;
    }
    // Two signed histories stay a fact. A log that was missing or replaced for some time can come back.
    const fault = known.fault?.kind === 'forked' ? known.fault : null;
    if (known.fault !== null && fault === null) alarm.lower();
    if (fault !== null) alarm.raise(fault);
    const isNewer = checkpoint.size > known.checkpoint.size;
    if (isNewer || fault !== known.fault) {
      await keep(
        isNewer
          ? { origin: known.origin, note, log: statement, fault, at: now, checkpoint }
          : { ...known, fault },
      );
    }
    return fault === null;
  }

  /** Compares what other terminals have verified with the checkpoint of the answer, which is the newest one here. */
  async function judgeComparisons(claim: Claim, origin: string, answer: SyncAnswer): Promise<void> {
    const known = kept.get(origin);
    if (known === undefined || claim.checkpoint?.origin !== origin) return;
    for (const [index, size] of (claim.compare ?? []).entries()) {
      const proof = answer.compared?.[index] ?? null;
      for (const shown of comparisons.take(origin, size)) {
        const verdict = verdictOn(shown.checkpoint, known.checkpoint, proof ?? undefined);
        if (verdict === 'continued') continue;
        log.warn({ peer: shown.peer, size, verdict }, "the tracker cannot connect a peer's checkpoint");
        return blame('forked', known, shown, proof);
      }
    }
  }

  async function judgeOtherLogs(origin: string): Promise<void> {
    const known = kept.get(origin);
    for (const shown of comparisons.otherLogs()) {
      if (shown.checkpoint.origin === origin) comparisons.add(shown);
      else if (known !== undefined) await alarm.twoLogs(known, shown);
    }
  }

  return {
    get fault() {
      return faultOf(present);
    },
    get newest() {
      return present === null ? null : (kept.get(present)?.checkpoint ?? null);
    },
    get shown() {
      const known = present === null ? undefined : kept.get(present);
      return known === undefined ? null : { checkpoint: known.note, log: known.log };
    },
    claim() {
      comparisons.begin();
      const known = present === null ? undefined : kept.get(present);
      if (known === undefined) return {};
      const { origin, size, root } = known.checkpoint;
      const compare = comparisons.sizes(origin);
      const checkpoint = { origin, size, root: root.toString('base64') };
      return { checkpoint, ...(compare.length > 0 && { compare: [...compare] }) };
    },
    take: (claim, identity, answer) => inTurn(() => take(claim, identity, answer)),
    restored: (identity) => inTurn(() => restored(identity)),
    heard: (peer, shown) => inTurn(() => heard(peer, shown)),
  };

  async function take(claim: Claim, identity: LogStatement | null, answer: SyncAnswer): Promise<boolean> {
    const origin = identity === null ? present : logOrigin(identity.log);
    const { checkpoint: note, log: statement } = answer;
    if (origin === null) return true;
    present = origin;
    if (identity === null || note === undefined || statement === undefined) {
      if (kept.has(origin)) alarm.withheld();
      return faultOf(origin) === null;
    }
    const reading = readCheckpoint(note, session.trackerKey, origin);
    if ('problem' in reading) {
      alarm.unreadable(reading.problem);
      return false;
    }
    const { checkpoint } = reading;
    if (!(await follow(claim, { checkpoint, note, log: statement }, answer.consistency))) return false;
    await judgeComparisons(claim, origin, answer);
    await judgeOtherLogs(origin);
    return faultOf(origin) === null;
  }

  async function restored({ log: identity, since }: LogStatement): Promise<void> {
    const former = present === null ? undefined : kept.get(present);
    present = logOrigin(identity);
    alarm.hold(faultOf(present));
    if (former !== undefined) await alarm.restored(former, since);
  }

  async function heard(peer: string, { checkpoint: note, log: statement }: ShownHistory): Promise<void> {
    const reading = readCheckpoint(note, session.trackerKey);
    const theirLog = sinceOf(statement);
    const mine = present === null ? undefined : kept.get(present);
    if ('problem' in reading || theirLog === null) {
      log.warn({ peer }, "a peer's checkpoint is not signed by the tracker");
      return;
    }
    const { checkpoint } = reading;
    if (mine === undefined || logOrigin(theirLog.log) !== checkpoint.origin) return;
    const shown = { peer, checkpoint, note };
    if (checkpoint.origin !== mine.origin) {
      // The terminal whose log is older is behind: it learns of the newer log with its next sync.
      if (theirLog.since > (sinceOf(mine.log)?.since ?? 0)) comparisons.addOtherLog(shown);
      return;
    }
    const { size, root } = mine.checkpoint;
    if (checkpoint.size !== size) comparisons.add(shown);
    else if (!checkpoint.root.equals(root)) await blame('forked', mine, shown, null);
  }

  function sinceOf(statement: Signed): LogStatement | null {
    const reading = readStatement(statement, {
      purpose: 'log',
      publicKey: session.trackerKey,
      schema: logSchema,
    });
    return 'value' in reading ? reading.value : null;
  }
}
