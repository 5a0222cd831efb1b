// A backoff that waits its delays itself and can be restarted during one. It attempts nothing.
import { type BackoffOptions, createBackoff } from '../../../core/time/backoff.js';
import type { Schedule } from '../../../core/time/clock.js';
import { delay } from '../../../core/time/wait.js';

export interface RestartableBackoff {
  /** Resolves true after the next delay, or false once `signal` is aborted. One call at a time. */
  wait(signal: AbortSignal): Promise<boolean>;
  /** The next delay is the first again. A wait in progress starts over with it. */
  restart(): void;
}

export function createRestartableBackoff(schedule: Schedule, options: BackoffOptions): RestartableBackoff {
  const backoff = createBackoff(options);
  let current: AbortController | null = null;
  return {
    async wait(signal) {
      while (!signal.aborted) {
        const waiting = new AbortController();
        const end = (): void => waiting.abort();
        current = waiting;
        signal.addEventListener('abort', end, { once: true });
        const isOver = await delay(schedule, backoff.next(), waiting.signal);
        signal.removeEventListener('abort', end);
        if (isOver) return true;
      }
      return false;
    },
    restart() {
      backoff.reset();
      current?.abort();
    },
  };
}
