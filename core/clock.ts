// Time as a port: the only place that reads the system's clock.

/** Where the present comes from. Specs pass their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

/** Timers as a port: runs `run` once after `delayMs`; gives the function that cancels. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

/** The system's timers. None of them keeps a process alive. */
export const systemSchedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

export const systemClock: Clock = { now: () => Date.now() };
