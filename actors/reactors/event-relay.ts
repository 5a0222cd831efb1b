// The reactor that keeps the bus's stream of events equal to the log. It resumes where the stream ends, and refills the stream if
// its end is not in this log.
import type { Bus } from '../../core/bus/bus.js';
import type { EventRelay } from '../../core/bus/event-relay.js';
import { messageOf } from '../../core/errors.js';
import type { LoggedEvent } from '../../core/events/event.js';
import type { StoppedStreams } from '../../core/events/sql/stopped-streams.js';
import type { EventStore } from '../../core/events/store.js';
import { follow } from '../../core/events/subscription.js';
import type { Log } from '../../core/log.js';
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';

export interface EventRelayParts {
  readonly store: EventStore;
  readonly stopped: StoppedStreams;
  readonly relay: EventRelay;
  readonly onStatus: Bus['onStatus'];
  readonly log: Log;
  readonly schedule: Schedule;
  readonly signal: AbortSignal;
  /** Called when the stream exists and its end is known. Its consumers may be gone. */
  readonly onResumed?: () => void;
  /** Called with the position up to which the stream equals the log. */
  readonly onReached?: (position: number) => void;
  /** Called with the reason when the broker does not store events. */
  readonly onFailed?: (reason: string) => void;
  /** The delay before a resume after a failure; default 500 ms. */
  readonly retryMs?: number;
}

/** Runs until `signal` aborts. Only one relay may run on one log. */
export async function runEventRelay(parts: EventRelayParts): Promise<void> {
  const { store, stopped, relay, onStatus, log, schedule, signal, retryMs = 500 } = parts;
  const { onResumed = () => undefined, onReached = () => undefined, onFailed = () => undefined } = parts;
  let isCareful = false;

  // Only the last event of a slice is acknowledged. After a failure, the first event is sent alone: the broker then answers with
  // the reason for this event.
  async function publish(events: readonly LoggedEvent[]): Promise<void> {
    const first = isCareful ? events.slice(0, 1) : [];
    if (first.length > 0) await relay.publish(first);
    const rest = events.slice(first.length);
    if (rest.length > 0) await relay.publish(rest);
    isCareful = false;
    onReached(events.at(-1)?.position ?? 0);
  }

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

  /** Publishes until the end of the stream has to be read again. Resolves with whether a publish failed. */
  async function round(): Promise<boolean> {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    let hasFailed = false;
    // A restarted broker may have lost the end of the stream or the whole stream.
    const unlisten = onStatus(({ type }) => {
      if (type === 'connected') end();
    });
    signal.addEventListener('abort', end);
    try {
      if (signal.aborted) return false;
      await follow(store, {
        name: 'events',
        stopped,
        checkpoints: {
          async load() {
            try {
              const position = await resume();
              onReached(position);
              onResumed();
              return position;
            } catch (thrown) {
              onFailed(messageOf(thrown));
              throw thrown;
            }
          },
          // Unreadable events, which are not published, count as reached.
          save: async (_name, position) => onReached(position),
        },
        // Events are published in the order of their positions. Events that were missed earlier can only be added by a refill of
        // the stream.
        async onReadable(event) {
          relay.require(event);
          await relay.clear();
          end();
        },
        // A message takes the place of a quarantined event, so that readers see the gap.
        handleLogged: async (events) => {
          // All events are checked before the first is published: an event that the broker can never store stops only the stream
          // of its own room or account.
          for (const event of events) relay.require(event);
          try {
            await publish(events);
          } catch (thrown) {
            onFailed(messageOf(thrown));
            isCareful = true;
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
