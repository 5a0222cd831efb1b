// A hybrid logical clock (Kulkarni et al. 2014): timestamps near the wall clock that come after every observed
// timestamp.
import { z } from 'zod';
import type { Clock } from '../../time/clock.js';

const MS_DIGITS = 12;
const COUNTER_DIGITS = 4;
const COUNTER_MAX = 0xffff;
/** The maximum lead of a received timestamp over the receiver's clock, in milliseconds. A message beyond it is refused. */
export const MAX_LEAD_MS = 60_000;
/**
 * The maximum lead over the local clock of a timestamp that this clock makes. It is shorter, so that receivers whose clocks
 * differ by a few seconds accept the timestamp.
 */
const OWN_MAX_LEAD_MS = 45_000;

/** 12 hex digits of milliseconds, then 4 of a counter. Text order equals time order. */
export const hlcSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<'Hlc'>();
export type Hlc = z.infer<typeof hlcSchema>;

export interface HybridClock {
  /**
   * Returns a timestamp later than every timestamp that this clock has made or observed, unless its lead would exceed the limit.
   */
  tick(): Hlc;
  /**
   * Observes a remote timestamp, so that the next local one comes after it. A timestamp too far ahead counts only up to
   * the limit.
   */
  observe(remote: Hlc): void;
}

/** A new clock has observed nothing: let it observe the latest stored timestamp before its first tick. */
export function createHybridClock(clock: Clock): HybridClock {
  let ms = 0;
  let counter = 0;
  const advance = (toMs: number, toCounter: number): void => {
    if (toMs > ms) [ms, counter] = [toMs, toCounter];
    else if (toMs === ms) counter = Math.max(counter, toCounter);
  };
  return {
    tick() {
      const now = clock.now();
      // The wall clock was set back, so the hybrid clock gives up a lead beyond the limit.
      if (now > ms || ms > now + OWN_MAX_LEAD_MS) [ms, counter] = [now, 0];
      else if (counter < COUNTER_MAX) counter += 1;
      else [ms, counter] = [ms + 1, 0];
      return hlcAt(ms, counter);
    },
    observe(remote) {
      const latest = clock.now() + OWN_MAX_LEAD_MS;
      const remoteMs = millisecondsOf(remote);
      if (remoteMs <= latest) advance(remoteMs, counterOf(remote));
      else advance(latest, 0);
    },
  };
}

/** The wall-clock part, in milliseconds since the epoch. */
export function millisecondsOf(hlc: Hlc): number {
  return Number.parseInt(hlc.slice(0, MS_DIGITS), 16);
}

/** The timestamp with its milliseconds replaced. */
export function hlcMovedTo(hlc: Hlc, ms: number): Hlc {
  return hlcAt(ms, counterOf(hlc));
}

/** The next timestamp after this one. */
export function hlcAfter(hlc: Hlc): Hlc {
  const counter = counterOf(hlc);
  return counter < COUNTER_MAX ? hlcAt(millisecondsOf(hlc), counter + 1) : hlcAt(millisecondsOf(hlc) + 1);
}

function counterOf(hlc: Hlc): number {
  return Number.parseInt(hlc.slice(MS_DIGITS), 16);
}

/** The first timestamp of a millisecond since the epoch, or a later one of the same millisecond. */
export function hlcAt(ms: number, counter = 0): Hlc {
  const hex = ms.toString(16).padStart(MS_DIGITS, '0') + counter.toString(16).padStart(COUNTER_DIGITS, '0');
  return hlcSchema.parse(hex);
}
