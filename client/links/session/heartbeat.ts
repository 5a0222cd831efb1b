// The heartbeat: whether the peer is alive, and its round trip. It has no timer: the caller calls `tick` at a fixed interval.
import { DEAD_AFTER_TICKS, PING_EVERY_TICKS, RECHECK_TICKS, TICK_MS } from '../limits.js';

// The weight of a new round trip, as in TCP's estimator (RFC 6298).
const SMOOTHING = 1 / 8;

export interface Heartbeat {
  /** Call it whenever anything arrives from the peer. */
  heard(): void;
  /** Call every `TICK_MS`. `ping`: send a ping with this id; `dead`: the peer has been silent for too long. */
  tick(nowMs: number): { readonly kind: 'fine' | 'dead' } | { readonly kind: 'ping'; readonly id: number };
  /** Returns the id of a ping to send. */
  ping(nowMs: number): number;
  /** Checks a doubtful link. The peer counts as dead if nothing arrives for `RECHECK_TICKS`. */
  recheck(nowMs: number): number;
  /** Whether nothing has arrived since the last `recheck`. */
  isDoubted(): boolean;
  /** Whether anything has arrived from the peer within the time between two pings. */
  isHeard(): boolean;
  /** Call it when the pong with this id arrives. */
  answered(id: number, nowMs: number): void;
  /** Smoothed round trip in milliseconds, or null before the first. */
  rttMs(): number | null;
}

export function createHeartbeat(): Heartbeat {
  let ticks = 0;
  let silentTicks = 0;
  let isDoubted = false;
  let ping: { readonly id: number; readonly sentMs: number } | null = null;
  let smoothedMs: number | null = null;
  const next = (sentMs: number): number => {
    const id = ticks;
    ticks += 1;
    ping = { id, sentMs };
    return id;
  };
  return {
    heard() {
      silentTicks = 0;
      isDoubted = false;
    },
    ping: next,
    isDoubted: () => isDoubted,
    // Allow one more tick, because the answer to a ping takes a round trip.
    isHeard: () => silentTicks <= PING_EVERY_TICKS + 1,
    recheck(nowMs) {
      isDoubted = true;
      silentTicks = Math.max(silentTicks, DEAD_AFTER_TICKS - RECHECK_TICKS);
      return next(nowMs);
    },
    tick(nowMs) {
      silentTicks += 1;
      if (silentTicks >= DEAD_AFTER_TICKS) return { kind: 'dead' };
      const id = ticks;
      ticks += 1;
      if (id % PING_EVERY_TICKS !== 0) return { kind: 'fine' };
      ping = { id, sentMs: nowMs };
      return { kind: 'ping', id };
    },
    answered(id, nowMs) {
      if (ping?.id !== id) return;
      const tripMs = nowMs - ping.sentMs;
      ping = null;
      // Ignore the measurement: outside these bounds the clock was changed between ping and pong.
      if (tripMs < 0 || tripMs > DEAD_AFTER_TICKS * TICK_MS) return;
      smoothedMs = smoothedMs === null ? tripMs : smoothedMs + (tripMs - smoothedMs) * SMOOTHING;
    },
    rttMs: () => smoothedMs,
  };
}
