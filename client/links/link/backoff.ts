// A backoff that also waits for its delays. A wait can be restarted or ended early. The attempts themselves are made by the
// caller.
import { type BackoffOptions, createBackoff } from '../../../core/time/backoff.js';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { delay } from '../../../core/time/wait.js';

export interface RestartableBackoff {
  /** Resolves true after the next delay, or false once `signal` is aborted. One call at a time. */
  wait(signal: AbortSignal): Promise<boolean>;
  /** Starts again with the first delay. A wait in progress is replaced by a wait for the first delay. */
  restart(): void;
  /** Ends the wait in progress at once, or the next wait if none is in progress. Then starts again with the first delay. */
  skip(): void;
  /** The end of the wait in progress, in milliseconds since the Unix epoch; null if no wait is in progress. */
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
