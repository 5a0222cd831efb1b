// The lag of each reactor behind the log, and whether one is stuck. It reads their checkpoints; the reactors do not know it.
import type { Clock } from '../../core/time/clock.js';
import { messageOf } from '../../core/errors.js';
import type { Checkpoints } from '../../core/events/sql/checkpoints.js';
import type { EventStore } from '../../core/events/store.js';
import type { Metrics } from '../../core/metrics.js';
import type { Check } from './readiness.js';

/** A checkpoint is saved every 200 events and 100 ms after the last event, so one that has not moved for this long is stuck. */
const STUCK_MS = 60_000;

export interface ReactorWatchParts {
  readonly store: Pick<EventStore, 'head'>;
  readonly checkpoints: Pick<Checkpoints, 'load'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export interface ReactorWatch {
  /** Watches the reactor whose checkpoint has this name, and adds its lag to the metrics. */
  add(name: string): void;
  /** Reports reactors that have not moved for a minute although events wait. It needs two calls to know. */
  readonly check: Check;
}

interface ReactorPosition {
  readonly position: number;
  /** When it was first seen at this position with events to handle; null if it had none. */
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
    return `${name} has been at position ${position} for ${Math.round((now - since) / 1_000)} s; the log is at ${head}`;
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
