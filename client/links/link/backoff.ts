// A backoff that waits its delays itself. A wait can be restarted or ended early. It attempts nothing.
import { type BackoffOptions, createBackoff } from '../../../core/time/backoff.js';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { delay } from '../../../core/time/wait.js';

export interface RestartableBackoff {
  /** Resolves true after the next delay, or false once `signal` is aborted. One call at a time. */
  wait(signal: AbortSignal): Promise<boolean>;
  /** The next delay is the first again. A wait in progress starts over with it. */
  restart(): void;
  /** Ends the wait in progress, or else the next one, at once. The delay after it is the first again. */
  skip(): void;
  /** The end of the wait in progress, in milliseconds since the Unix epoch; null without one. */
  dueAt(): number | null;
}

export function createRestartableBackoff(
  clock: Clock,
  schedule: Schedule,
  options: BackoffOptions,
): RestartableBackoff {
  const backoff = createBackoff(options);
  let current: { readonly aborted: AbortController; readonly dueAt: number } | null = null;
  let isSkipped = false;
  return {
    async wait(signal) {
      try {
        while (!signal.aborted) {
          if (isSkipped) {
            isSkipped = false;
            return true;
          }
          const aborted = new AbortController();
          const end = (): void => aborted.abort();
          const delayMs = backoff.next();
          current = { aborted, dueAt: clock.now() + delayMs };
          signal.addEventListener('abort', end, { once: true });
          const isOver = await delay(schedule, delayMs, aborted.signal);
          signal.removeEventListener('abort', end);
          if (isOver) return true;
        }
        return false;
      } finally {
        current = null;
      }
    },
    restart() {
      backoff.reset();
      current?.aborted.abort();
    },
    skip() {
      isSkipped = true;
      backoff.reset();
      current?.aborted.abort();
    },
    dueAt: () => current?.dueAt ?? null,
  };
}
