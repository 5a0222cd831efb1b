// Whether the peer is alive, and how far away. Counted in ticks of the caller's timer; pure.
import { DEAD_AFTER_TICKS, PING_EVERY_TICKS, RECHECK_TICKS, TICK_MS } from '../limits.js';

// Of a new round trip, as in TCP's estimator (RFC 6298).
const SMOOTHING = 1 / 8;

export interface Heartbeat {
  /** Anything came from the peer. */
  heard(): void;
  /** Once every `TICK_MS`. `ping`: send one with this id; `dead`: the peer has been silent for too long. */
  tick(nowMs: number): { readonly kind: 'fine' | 'dead' } | { readonly kind: 'ping'; readonly id: number };
  /** Send a ping with this id: if nothing comes for `RECHECK_TICKS`, the peer is dead. */
  recheck(nowMs: number): number;
  answered(id: number, nowMs: number): void;
  /** Smoothed round trip in milliseconds, or null before the first. */
  rttMs(): number | null;
}

export function createHeartbeat(): Heartbeat {
  let ticks = 0;
  let quietTicks = 0;
  let asked: { readonly id: number; readonly atMs: number } | null = null;
  let smoothedMs: number | null = null;
  return {
    heard() {
      quietTicks = 0;
    },
    recheck(nowMs) {
      quietTicks = Math.max(quietTicks, DEAD_AFTER_TICKS - RECHECK_TICKS);
      const id = ticks;
      ticks += 1;
      asked = { id, atMs: nowMs };
      return id;
    },
    tick(nowMs) {
      quietTicks += 1;
      if (quietTicks >= DEAD_AFTER_TICKS) return { kind: 'dead' };
      const id = ticks;
      ticks += 1;
      if (id % PING_EVERY_TICKS !== 0) return { kind: 'fine' };
      asked = { id, atMs: nowMs };
      return { kind: 'ping', id };
    },
    answered(id, nowMs) {
      if (asked?.id !== id) return;
      const tripMs = nowMs - asked.atMs;
      asked = null;
      // Outside these bounds the clock was set meanwhile.
      if (tripMs < 0 || tripMs > DEAD_AFTER_TICKS * TICK_MS) return;
      smoothedMs = smoothedMs === null ? tripMs : smoothedMs + (tripMs - smoothedMs) * SMOOTHING;
    },
    rttMs: () => smoothedMs,
  };
}
