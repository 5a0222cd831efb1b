// The failed-connection limiter: refuses connections of an origin that had too many failed connections in this second. The
// refusal comes before the connection causes any cost. It is independent of the carrier.
import type { Clock } from '../../../core/time/clock.js';
import { FAILED_CONNECTIONS_PER_SECOND, HANDSHAKE_TIMEOUT_MS } from '../limits.js';

const WINDOW_MS = 1_000;

export interface FailedConnectionLimiter<O> {
  /**
   * Admits one connection and returns a function to call when the connection is closed. Null if the origin is refused until the
   * end of this second.
   */
  admit(origin: O): (() => void) | null;
}

/** A connection counts as failed if it closes within the time that a handshake may take. */
export function createFailedConnectionLimiter<O>(clock: Clock): FailedConnectionLimiter<O> {
  // Failures of the current window only; the next window begins with an empty map.
  const failures = new Map<O, number>();
  let windowNumber = 0;

  const startWindow = (nowMs: number): void => {
    const current = Math.floor(nowMs / WINDOW_MS);
    if (current !== windowNumber) failures.clear();
    windowNumber = current;
  };

  return {
    admit(origin) {
      const admittedMs = clock.now();
      startWindow(admittedMs);
      if ((failures.get(origin) ?? 0) >= FAILED_CONNECTIONS_PER_SECOND) return null;
      return () => {
        const closedMs = clock.now();
        startWindow(closedMs);
        if (closedMs - admittedMs <= HANDSHAKE_TIMEOUT_MS)
          failures.set(origin, (failures.get(origin) ?? 0) + 1);
      };
    },
  };
}
