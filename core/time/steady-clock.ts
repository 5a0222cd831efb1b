// A clock for durations: it starts with the machine's clock, ignores every later change of that clock, and counts the time
// that the machine sleeps.
import { type Clock, monotonicNow, systemClock, systemUptimeMs } from './clock.js';

/** The readings from which a steady clock is made. */
export interface TimeReadings {
  readonly wall: Clock;
  /** Milliseconds since an arbitrary start; never goes back, and stands still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the machine started, including the time it slept; may have a resolution of whole seconds only. */
  readonly uptimeMs: () => number;
}

/** Some systems report the uptime in whole seconds only. A shorter sleep cannot be distinguished from a rounding error. */
const TOLERANCE_MS = 2_000;

export function createSteadyClock({ wall, monotonicMs, uptimeMs }: TimeReadings): Clock {
  const [startWall, startMonotonic] = [wall.now(), monotonicMs()];
  let seen = { wall: startWall, monotonic: startMonotonic, uptime: uptimeMs() };
  let sleptMs = 0;
  return {
    now() {
      const monotonic = monotonicMs();
      const awakeMs = monotonic - seen.monotonic;
      // The machine slept, or its clock was set. The uptime shows which of the two it was. It is read only here, because reading
      // it costs more than reading the two clocks.
      if (Math.abs(wall.now() - seen.wall - awakeMs) > TOLERANCE_MS) {
        const uptime = uptimeMs();
        const asleepMs = uptime - seen.uptime - awakeMs;
        if (asleepMs > TOLERANCE_MS) sleptMs += asleepMs;
        seen = { wall: wall.now(), monotonic, uptime };
      }
      return Math.floor(startWall + (monotonic - startMonotonic) + sleptMs);
    },
  };
}

/** The machine's steady clock. Its date is right only if the machine's clock was right at the start: use it for durations. */
export const systemSteadyClock: Clock = createSteadyClock({
  wall: systemClock,
  monotonicMs: monotonicNow,
  uptimeMs: systemUptimeMs,
});
