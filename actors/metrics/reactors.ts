// How far each reactor is behind the log, and whether one is stuck. Reactors do not know that they are watched: their
// checkpoints tell.
import type { Clock } from '../../core/time/clock.js';
import { messageOf } from '../../core/errors.js';
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { EventStore } from '../../core/events/store.js';
import type { Metrics } from '../../core/metrics.js';
import type { Check } from './readiness.js';

/** A checkpoint is saved every 200 events, and 100 ms after the last: one that stands for this long is stuck. */
const STUCK_MS = 60_000;

export interface ReactorWatchParts {
  readonly store: Pick<EventStore, 'head'>;
  readonly checkpoints: Pick<Checkpoints, 'load'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export interface ReactorWatch {
  /** Watches the reactor whose checkpoint has this name, and shows its lag. */
  add(name: string): void;
  /** Whether one of them has not moved for a minute though events wait for it; it takes two looks to know. */
  readonly check: Check;
}

interface ReactorPosition {
  readonly position: number;
  /** When it was first seen there with something to do; null while it had nothing to do. */
  readonly since: number | null;
}

export function watchReactors({ store, checkpoints, metrics, clock }: ReactorWatchParts): ReactorWatch {
  const positions = new Map<string, ReactorPosition>();

  async function lookAt(name: string): Promise<string | null> {
    const [{ position: head }, position] = await Promise.all([store.head(), checkpoints.load(name)]);
    const before = positions.get(name);
    const now = clock.now();
    const isSame = before?.position === position;
    const since = head <= position ? null : ((isSame ? before.since : null) ?? now);
    positions.set(name, { position, since });
    if (since === null || now - since < STUCK_MS) return null;
    return `${name} stands at position ${position} for ${Math.round((now - since) / 1_000)} s; the log is at ${head}`;
  }

  return {
    add(name) {
      positions.set(name, { position: -1, since: null });
      metrics.show({
        name: 'partyline_reactor_lag_events',
        help: 'Events of the log that a reactor has not handled yet.',
        label: { name: 'reactor', value: name },
        read: async () => {
          const [{ position: head }, position] = await Promise.all([store.head(), checkpoints.load(name)]);
          return Math.max(0, head - position);
        },
      });
    },
    async check() {
      try {
        const problems = await Promise.all([...positions.keys()].map(lookAt));
        return problems.filter((problem) => problem !== null).join('; ') || null;
      } catch (thrown) {
        return `the log cannot be read: ${messageOf(thrown)}`;
      }
    },
  };
}
