// The pauses between tries: each twice as long as the last, and from the shortest again when there is new hope. It tries nothing.
import { setTimeout as delay } from 'node:timers/promises';

export interface PausesOptions {
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Whether the time has passed before the signal; the system's unless told. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<boolean>;
}

export interface RestartableBackoff {
  /** Resolves true after the next pause, false when the interest is aborted before. One at a time. */
  next(interest: AbortSignal): Promise<boolean>;
  /** Begins with the shortest anew, and instead of one that is under way. */
  renew(): void;
}

const waitForReal = (delayMs: number, signal: AbortSignal): Promise<boolean> =>
  delay(delayMs, true, { signal, ref: false }).catch(() => false);

export function createRestartableBackoff({
  shortestMs,
  longestMs,
  wait = waitForReal,
}: PausesOptions): RestartableBackoff {
  let nextMs = shortestMs;
  let underWay: AbortController | null = null;
  return {
    async next(interest) {
      while (!interest.aborted) {
        const pause = new AbortController();
        const end = (): void => pause.abort();
        underWay = pause;
        interest.addEventListener('abort', end, { once: true });
        const pauseMs = nextMs;
        nextMs = Math.min(pauseMs * 2, longestMs);
        const isOver = await wait(pauseMs, pause.signal);
        interest.removeEventListener('abort', end);
        if (isOver) return true;
      }
      return false;
    },
    renew() {
      nextMs = shortestMs;
      underWay?.abort();
    },
  };
}
