// The reactor that keeps the bus's stream of events equal to the log: it takes up where the stream ends, and begins anew
// when that is not a part of this log.
import type { Bus } from '../../core/bus/bus.js';
import type { Relay } from '../../core/bus/event-relay.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import type { Log } from '../../core/log.js';
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';

export interface EventRelayParts {
  readonly store: EventStore;
  readonly relay: Relay;
  readonly onStatus: Bus['onStatus'];
  readonly log: Log;
  readonly schedule: Schedule;
  readonly signal: AbortSignal;
  /** How long to wait after a failure before taking up again; 500 ms unless told. */
  readonly retryMs?: number;
}

/** Runs until `signal` aborts. Only one publisher may run on one log. */
export async function runEventRelay(parts: EventRelayParts): Promise<void> {
  const { store, relay, onStatus, log, schedule, signal, retryMs = 500 } = parts;

  // The stream itself is the checkpoint: it may have been lost, or be ahead of a database that was restored.
  async function takeUp(): Promise<number> {
    const end = await relay.takeUp();
    if (end === null) return 0;
    const [row] = await store.readRows({ fromPosition: end.position, limit: 1 });
    if (row?.position === end.position && row.hash === end.hash) return end.position;
    log.warn({ position: end.position }, 'the stream of events is not of this log: it is filled anew');
    await relay.clear();
    return 0;
  }

  /** Publishes until it has to take up again; says whether something failed. */
  async function round(): Promise<boolean> {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    let hasFailed = false;
    // A broker that comes back may have lost the end of the stream, or all of it.
    const unlisten = onStatus(({ type }) => {
      if (type === 'connected') end();
    });
    signal.addEventListener('abort', end);
    try {
      if (signal.aborted) return false;
      await follow(store, {
        name: 'events',
        checkpoints: { load: takeUp, save: async () => undefined },
        handleSlice: async (events) => {
          try {
            await relay.publish(events);
          } catch (thrown) {
            hasFailed = true;
            end();
            throw thrown;
          }
        },
        signal: ending.signal,
        log,
        schedule,
      });
      return hasFailed;
    } finally {
      unlisten();
      signal.removeEventListener('abort', end);
    }
  }

  while (!signal.aborted) {
    const hasFailed = await round();
    if (hasFailed) await delay(schedule, retryMs, signal);
  }
}
