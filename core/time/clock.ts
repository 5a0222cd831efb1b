// Time as a port: the only file that reads the system's clock and sets the system's timers.
import { uptime } from 'node:os';

/** Source of the current time. Specs pass their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
}

/** Timers as a port: calls `run` once after `delayMs`; the function returned cancels it. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

export const systemClock: Clock = { now: () => Date.now() };

/** The system's timers. They do not keep the process alive. */
export const systemSchedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

/** The system's timers. The process stays alive until a timer has run or is cancelled. */
export const keepAliveSchedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Milliseconds since an arbitrary start; never goes back. For durations. */
export const monotonicNow = (): number => performance.now();

/** Milliseconds since the machine started, including the time it slept. Some systems give whole seconds. */
export const systemUptimeMs = (): number => uptime() * 1_000;
