// A machine's clock that a spec sets: it runs with the real time, ahead of it or behind.
import { type Clock, systemClock } from '../../core/time/clock.js';

export interface SetClock extends Clock {
  /** How far it is ahead of the real time, in milliseconds. */
  aheadMs: number;
}

export function createSetClock(aheadMs = 0): SetClock {
  const clock: SetClock = { aheadMs, now: () => systemClock.now() + clock.aheadMs };
  return clock;
}
