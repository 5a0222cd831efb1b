// Before a connection costs anything: an origin whose last ones all came to nothing has to wait. Knows no carrier.
import type { Clock } from '../../../core/time/clock.js';
import { HANDSHAKE_TIMEOUT_MS, FAILED_CONNECTIONS_PER_SECOND } from '../limits.js';

const WINDOW_MS = 1_000;

export interface FailedConnectionLimiter<O> {
  /** Whether one more may come; call the result when its connection is gone. Null: not in this second. */
  enter(origin: O): (() => void) | null;
}

/** Whoever is gone before a handshake must have ended came to nothing, as far as this knows. */
export function createFailedConnectionLimiter<O>(clock: Clock): FailedConnectionLimiter<O> {
  // Of the present window alone, so that nothing has to be forgotten singly.
  const wasted = new Map<O, number>();
  let windowNumber = 0;

  const turn = (nowMs: number): void => {
    const present = Math.floor(nowMs / WINDOW_MS);
    if (present !== windowNumber) wasted.clear();
    windowNumber = present;
  };

  return {
    enter(origin) {
      const cameMs = clock.now();
      turn(cameMs);
      if ((wasted.get(origin) ?? 0) >= FAILED_CONNECTIONS_PER_SECOND) return null;
      return () => {
        const goneMs = clock.now();
        turn(goneMs);
        if (goneMs - cameMs <= HANDSHAKE_TIMEOUT_MS) wasted.set(origin, (wasted.get(origin) ?? 0) + 1);
      };
    },
  };
}
