// The delay rule for failed logins. It does not read a table or a clock.

/** The counted failures of one name from one origin. */
export interface Failures {
  /** From 0 to 15. */
  readonly count: number;
  /** The time of the last failure, milliseconds since the epoch. */
  readonly at: number;
}

/** Failures without a delay, for typing errors. */
const FREE_FAILURES = 5;
const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 900_000;
/** After each period of this length without a new failure, the count drops by one. */
export const FORGETTING_MS = 900_000;
/** The delay does not grow beyond this count; more failures would only take longer to forget. */
const MOST_FAILURES = 15;

/** The failures that still count at `now`. */
export function countAt({ count, at }: Failures, now: number): number {
  const forgotten = Math.floor(Math.max(0, now - at) / FORGETTING_MS);
  return Math.max(0, count - forgotten);
}

/** The count after one more failure. */
export function failedAgain(before: Failures, now: number): Failures {
  return { count: Math.min(MOST_FAILURES, countAt(before, now) + 1), at: now };
}

/** When the next try is allowed; equal to `at` while failures are free. */
export function blockedUntil({ count, at }: Failures): number {
  if (count <= FREE_FAILURES) return at;
  return at + Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - FREE_FAILURES - 1));
}

/** How many tries may run at once: the number of free failures left, because all of these tries may fail; at least one. */
export function triesAtOnce(failures: Failures, now: number): number {
  return Math.max(1, FREE_FAILURES - countAt(failures, now));
}
