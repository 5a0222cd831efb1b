// The stalls of one link: carriers that opened and then delivered nothing. Each is avoided for some time. It closes nothing.
import { createBackoff, type Backoff } from '../../../core/time/backoff.js';
import type { Clock } from '../../../core/time/clock.js';
import type { CarrierKind } from '../carrier.js';
import { PROVEN_AFTER_MS, STALL_MAX_MS, STALL_MIN_MS } from '../limits.js';

export interface Stalls {
  /** Records a stall. The carrier is avoided for twice as long each time. */
  add(carrier: CarrierKind): void;
  isAvoided(carrier: CarrierKind): boolean;
  /** Records that the carrier had carried the link for this long. After a long time its earlier stalls no longer count. */
  carried(carrier: CarrierKind, durationMs: number): void;
  /** Forgets all stalls, because the network or the peer has changed or the user asks for it. */
  clear(): void;
}

interface Stall {
  readonly backoff: Backoff;
  readonly untilMs: number;
}

export function createStalls(clock: Clock): Stalls {
  const stalls = new Map<CarrierKind, Stall>();
  return {
    add(carrier) {
      const backoff =
        stalls.get(carrier)?.backoff ?? createBackoff({ firstMs: STALL_MIN_MS, longestMs: STALL_MAX_MS });
      stalls.set(carrier, { backoff, untilMs: clock.now() + backoff.next() });
    },
    isAvoided: (carrier) => clock.now() < (stalls.get(carrier)?.untilMs ?? 0),
    carried(carrier, durationMs) {
      if (durationMs >= PROVEN_AFTER_MS) stalls.delete(carrier);
    },
    clear: () => stalls.clear(),
  };
}
