// The improver of one link: attempts to replace its carrier by a better one, at growing intervals or when the peer asks. It does
// not decide which carriers are better, and it does not make the connections itself.
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { IMPROVE_MAX_MS, IMPROVE_MIN_MS } from '../limits.js';
import type { PingFrame } from '../session/frames.js';
import { createRestartableBackoff } from './backoff.js';
import { type CarrierLane, hasRoutes } from './establish.js';
import type { Stalls } from './stalls.js';

export interface ImproverOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly stalls: Stalls;
  /** Whether this side dials; otherwise the other side makes the attempts. */
  readonly dials: boolean;
  /** The carriers that are better than the present carrier. */
  readonly better: () => readonly CarrierLane[];
  /** One attempt over these carriers. Never rejects. */
  readonly attempt: (lanes: readonly CarrierLane[], signal: AbortSignal) => Promise<void>;
}

export interface Improver {
  /** Makes attempts until `signal` is aborted. One call at a time. */
  run(signal: AbortSignal): Promise<void>;
  /** The next attempt is made soon. */
  restart(): void;
  /** The next attempt is made now. */
  skip(): void;
  /** Handles a ping of the peer, which contains the time of the peer's next attempt, or the request to make an attempt now. */
  pinged(ping: PingFrame): void;
  /** The time of this side's next attempt, in milliseconds since the Unix epoch; null if none is due. */
  nextTryAt(): number | null;
  /** The time of the peer's next attempt, according to its last ping; null if none is due. */
  peerNextTryAt(): number | null;
}

export function createImprover({
  clock,
  schedule,
  stalls,
  dials,
  better,
  attempt,
}: ImproverOptions): Improver {
  const backoff = createRestartableBackoff(clock, schedule, {
    firstMs: IMPROVE_MIN_MS,
    longestMs: IMPROVE_MAX_MS,
  });
  let peerNextTryAt: number | null = null;
  let retriedAt = 0;
  return {
    async run(signal) {
      backoff.restart();
      while (await backoff.wait(signal)) {
        const lanes = better().filter(({ carrier }) => !stalls.isAvoided(carrier));
        if (hasRoutes(lanes)) await attempt(lanes, signal);
      }
    },
    restart: () => backoff.restart(),
    skip: () => backoff.skip(),
    pinged({ isRetryWanted = false, nextTryMs }) {
      const now = clock.now();
      peerNextTryAt = nextTryMs === undefined ? null : now + Math.min(nextTryMs, IMPROVE_MAX_MS);
      // Requests of the peer cannot cause attempts more often than `IMPROVE_MIN_MS`.
      if (!isRetryWanted || !dials || now - retriedAt < IMPROVE_MIN_MS) return;
      retriedAt = now;
      stalls.clear();
      backoff.skip();
    },
    nextTryAt: () => (hasRoutes(better()) ? backoff.dueAt() : null),
    peerNextTryAt: () => peerNextTryAt,
  };
}
