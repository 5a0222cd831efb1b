// A machine's clock that a spec sets. It runs at the real speed.
import { type Clock, systemClock } from '../../core/time/clock.js';

export interface SetClock extends Clock {
  /** The clock's time minus the real time, in milliseconds. */
  aheadMs: number;
}

export function createSetClock(aheadMs = 0): SetClock {
  const clock: SetClock = { aheadMs, now: () => systemClock.now() + clock.aheadMs };
  return clock;
}
