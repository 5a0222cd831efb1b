// The stalls of one link: carriers that open and then deliver nothing, although another carrier reaches the peer. A stalled
// carrier is avoided for some time. This part closes no connections.
import { createBackoff, type Backoff } from '../../../core/time/backoff.js';
import type { Clock } from '../../../core/time/clock.js';
import type { CarrierKind } from '../carrier.js';
import { PROVEN_AFTER_MS, STALL_MAX_MS, STALL_MIN_MS, SUSPECT_FOR_MS } from '../limits.js';

export interface Stalls {
  /** Records a stall. The carrier is avoided for twice as long after each stall. */
  add(carrier: CarrierKind): void;
  /**
   * Records that the carrier delivers nothing, but the carrier may not be the cause: the network may be down. The carrier is
   * avoided for `SUSPECT_FOR_MS` at most. If another carrier reaches the peer within this time, the suspicion becomes a stall,
   * and `onStalled` is called.
   */
  suspect(carrier: CarrierKind, onStalled?: () => void): void;
  /** Records that this carrier reaches the peer now. All other suspected carriers therefore count as stalled. */
  reached(carrier: CarrierKind): void;
  /**
   * Clears all suspicions. Called when no carrier reaches the peer, because a carrier is then not the cause. Stalls recorded
   * before still count.
   */
  acquit(): void;
  isAvoided(carrier: CarrierKind): boolean;
  /** Records how long the carrier has carried the link. After `PROVEN_AFTER_MS` its earlier stalls no longer count. */
  carried(carrier: CarrierKind, durationMs: number): void;
  /** Forgets all stalls and suspicions. Called when the network or the peer has changed, or when the user asks for it. */
  clear(): void;
}

interface Stall {
  readonly backoff: Backoff;
  readonly untilMs: number;
}

interface Suspicion {
  readonly untilMs: number;
  readonly onStalled: () => void;
}

export function createStalls(clock: Clock): Stalls {
  const stalls = new Map<CarrierKind, Stall>();
  const suspicions = new Map<CarrierKind, Suspicion>();
  const isUntilLater = (one: Pick<Stall, 'untilMs'> | undefined): boolean =>
    one !== undefined && clock.now() < one.untilMs;
  const add = (carrier: CarrierKind): void => {
    const backoff =
      stalls.get(carrier)?.backoff ?? createBackoff({ firstMs: STALL_MIN_MS, longestMs: STALL_MAX_MS });
    stalls.set(carrier, { backoff, untilMs: clock.now() + backoff.next() });
  };
  return {
    add,
    suspect(carrier, onStalled = () => undefined) {
      suspicions.set(carrier, { untilMs: clock.now() + SUSPECT_FOR_MS, onStalled });
    },
    reached(carrier) {
      for (const [suspect, suspicion] of suspicions) {
        if (suspect === carrier || !isUntilLater(suspicion)) continue;
        add(suspect);
        suspicion.onStalled();
      }
      suspicions.clear();
    },
    acquit: () => suspicions.clear(),
    isAvoided: (carrier) => isUntilLater(stalls.get(carrier)) || isUntilLater(suspicions.get(carrier)),
    carried(carrier, durationMs) {
      if (durationMs >= PROVEN_AFTER_MS) stalls.delete(carrier);
    },
    clear() {
      stalls.clear();
      suspicions.clear();
    },
  };
}
