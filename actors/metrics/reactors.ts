// The watch over the reactors: how far each is behind the log, whether it is stuck, and which streams it has stopped. It only
// reads their positions.
import { messageOf } from '../../core/errors.js';
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { StoppedStream, StoppedStreams } from '../../core/events/sql/stopped-streams.js';
import { unreadableRemedy } from '../../core/events/unhandled.js';
import type { EventStore } from '../../core/events/store.js';
import type { Metrics } from '../../core/metrics.js';
import type { Clock } from '../../core/time/clock.js';
import type { Check } from './readiness.js';

/**
 * A checkpoint is saved every 200 events and 100 ms after the last event, so a reactor whose checkpoint has not moved for this
 * long is stuck.
 */
const STUCK_MS = 60_000;
/** The number of stopped streams that a check names. */
const NAMED_STREAMS = 3;

export interface ReactorWatchParts {
  readonly store: Pick<EventStore, 'head'>;
  readonly checkpoints: Pick<Checkpoints, 'load'>;
  readonly stopped: Pick<StoppedStreams, 'load'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export interface ReactorWatch {
  /**
   * Watches a reactor and adds its lag to the metrics. Without `progress`, `name` is the name of the reactor's checkpoint. If
   * given, `progress` returns the position up to which the reactor has handled the log.
   */
  add(name: string, progress?: () => Progress): void;
  /**
   * Reports reactors that have not moved for a minute although events wait. It compares calls, so the first call reports nothing.
   */
  readonly check: Check;
  /**
   * Names the streams that a reactor has stopped. Stopped streams do not affect the readiness, because all other streams are
   * served.
   */
  readonly streams: Check;
}

interface Progress {
  readonly position: number;
  /** The reason why the reactor does not handle the next event, if it is known. */
  readonly problem?: string | null;
}

interface ReactorPosition {
  readonly position: number;
  /** When the reactor was first seen at this position with events to handle; null if it had none to handle. */
  readonly since: number | null;
}

export function watchReactors(parts: ReactorWatchParts): ReactorWatch {
  const { store, checkpoints, stopped, metrics, clock } = parts;
  const positions = new Map<string, ReactorPosition>();
  const readers = new Map<string, () => Promise<Progress>>();

  async function lookAt(name: string, read: () => Promise<Progress>): Promise<string | null> {
    const [{ position: head }, { position, problem }] = await Promise.all([store.head(), read()]);
    const before = positions.get(name);
    const now = clock.now();
    const isSame = before?.position === position;
    const since = head <= position ? null : ((isSame ? before.since : null) ?? now);
    positions.set(name, { position, since });
    if (since === null || now - since < STUCK_MS) return null;
    const why = typeof problem === 'string' ? ` (${problem})` : '';
    return `${name} has been at position ${position} for ${Math.round((now - since) / 1_000)} s; the log is at ${head}${why}`;
  }

  return {
    add(name, progress) {
      const read = async (): Promise<Progress> =>
        progress ? progress() : { position: await checkpoints.load(name) };
      readers.set(name, read);
      const label = { name: 'reactor', value: name };
      metrics.show({
        name: 'partyline_reactor_lag_events',
        help: 'Events of the log that a reactor has not handled yet.',
        label,
        read: async () => {
          const [{ position: head }, at] = await Promise.all([store.head(), read()]);
          return Math.max(0, head - at.position);
        },
      });
      metrics.show({
        name: 'partyline_reactor_stopped_streams',
        help: 'Accounts and rooms whose events a reactor no longer handles, because it cannot read one of them.',
        label,
        read: async () => (await stopped.load(name)).length,
      });
    },
    async check() {
      try {
        const problems = await Promise.all([...readers].map(([name, read]) => lookAt(name, read)));
        return problems.filter((problem) => problem !== null).join('; ') || null;
      } catch (thrown) {
        return `the log cannot be read: ${messageOf(thrown)}`;
      }
    },
    async streams() {
      try {
        const all = await Promise.all(
          [...readers.keys()].map(async (name) => ({ name, entries: await stopped.load(name) })),
        );
        const stopping = all.filter(({ entries }) => entries.length > 0);
        const positions = stopping.flatMap(({ entries }) => entries.map(({ position }) => position));
        if (positions.length === 0) return null;
        const remedy = unreadableRemedy(Math.min(...positions));
        return { note: `${stopping.map(stoppedText).join('; ')}. ${remedy}` };
      } catch (thrown) {
        return `the stopped streams cannot be read: ${messageOf(thrown)}`;
      }
    },
  };
}

function stoppedText({
  name,
  entries,
}: {
  readonly name: string;
  readonly entries: readonly StoppedStream[];
}) {
  const named = entries
    .slice(0, NAMED_STREAMS)
    .map(({ stream, position, reason }) => `${stream} at position ${position} (${reason})`);
  const more = entries.length > NAMED_STREAMS ? ` and ${entries.length - NAMED_STREAMS} more` : '';
  return `the reactor ${name} stopped handling ${named.join(', ')}${more}`;
}
