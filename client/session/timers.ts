// Waiting as a port: the only place of the session that sets the system's timers.

import { keepAliveSchedule } from '../../core/time/clock.js';

/** Time that passes. Specs pass their own. */
export interface Timers {
  /** Calls `task` once after `delayMs` milliseconds; the function returned prevents it. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemTimers: Timers = { after: keepAliveSchedule };

/** Resolves after `delayMs`, or at once when `until` is aborted. */
export function pause(timers: Timers, delayMs: number, until?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (until?.aborted) return resolve();
    const done = (): void => {
      cancel();
      until?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(delayMs, done);
    until?.addEventListener('abort', done, { once: true });
  });
}
