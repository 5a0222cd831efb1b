// How long to wait before the next attempt: longer each time, and never in step with the other terminals.

const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/** A number from 0 up to, but not including, 1; uniform. */
export type Random = () => number;

export interface Backoff {
  /** Milliseconds to wait now: between half and all of 100, 200, 400… up to 2,000. */
  next(): number;
  /** After a success the next wait is a short one again. */
  reset(): void;
}

export function createBackoff(random: Random): Backoff {
  let longestMs = FIRST_MS;
  return {
    next() {
      const delayMs = longestMs * (0.5 + random() / 2);
      longestMs = Math.min(longestMs * 2, LONGEST_MS);
      return delayMs;
    },
    reset() {
      longestMs = FIRST_MS;
    },
  };
}
