// Exponential backoff: the delays between attempts. It waits for nothing and attempts nothing.

/** A number from 0 up to, but not including, 1; uniform. */
export type Random = () => number;

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  /**
   * Shortens each delay by up to half, so that many clients do not retry at the same moment. Without `jitter`, delays are not
   * shortened.
   */
  readonly jitter?: Random;
}

export interface Backoff {
  /** Milliseconds to wait before the next attempt: `firstMs`, then twice the previous delay, at most `longestMs`. */
  next(): number;
  /** Call it after a success: the next delay is `firstMs` again. */
  reset(): void;
}

export function createBackoff({ firstMs, longestMs, jitter }: BackoffOptions): Backoff {
  let upcomingMs = firstMs;
  return {
    next() {
      const delayMs = jitter === undefined ? upcomingMs : upcomingMs * (0.5 + jitter() / 2);
      upcomingMs = Math.min(upcomingMs * 2, longestMs);
      return delayMs;
    },
    reset() {
      upcomingMs = firstMs;
    },
  };
}
