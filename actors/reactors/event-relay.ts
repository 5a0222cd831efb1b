// The reactor that keeps the bus's stream of events equal to the log. It resumes where the stream ends, and refills the stream if
// its end is not in this log.
import type { Bus } from '../../core/bus/bus.js';
import type { EventRelay } from '../../core/bus/event-relay.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import type { Log } from '../../core/log.js';
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';

export interface EventRelayParts {
  readonly store: EventStore;
  readonly relay: EventRelay;
  readonly onStatus: Bus['onStatus'];
  readonly log: Log;
  readonly schedule: Schedule;
  readonly signal: AbortSignal;
  /** The delay before a resume after a failure; default 500 ms. */
  readonly retryMs?: number;
}

/** Runs until `signal` aborts. Only one relay may run on one log. */
export async function runEventRelay(parts: EventRelayParts): Promise<void> {
  const { store, relay, onStatus, log, schedule, signal, retryMs = 500 } = parts;

  // The last event in the stream is the checkpoint. The stream may be lost, or be ahead of a restored database.
  async function resume(): Promise<number> {
    const end = await relay.resume();
    if (end === null) return 0;
    const [row] = await store.readRows({ fromPosition: end.position, limit: 1 });
    if (row?.position === end.position && row.hash === end.hash) return end.position;
    log.warn({ position: end.position }, 'the stream of events does not belong to this log and is refilled');
    await relay.clear();
    return 0;
  }

  /** Publishes until it has to resume. Resolves with whether a publish failed. */
  async function round(): Promise<boolean> {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    let hasFailed = false;
    // A restarted broker may have lost the end of the stream or all of it.
    const unlisten = onStatus(({ type }) => {
      if (type === 'connected') end();
    });
    signal.addEventListener('abort', end);
    try {
      if (signal.aborted) return false;
      await follow(store, {
        name: 'events',
        checkpoints: { load: resume, save: async () => undefined },
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
