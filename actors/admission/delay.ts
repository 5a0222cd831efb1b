// How long somebody who has guessed wrong must wait: the rule alone. It knows no table and no clock.

/** What is remembered of one name as tried from one origin. */
export interface Failures {
  /** At most 15; 0 if there were none. */
  readonly count: number;
  /** When the last one was, milliseconds since the epoch. */
  readonly at: number;
}

/** Anybody mistypes. */
const FREE_FAILURES = 5;
const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 900_000;
/** After this long without a further one, one failure is forgotten; and then the next. */
export const FORGETTING_MS = 900_000;
/** From here on the delay does not grow: more would only take longer to forget. */
const MOST_FAILURES = 15;

/** How many still count. */
export function countAt({ count, at }: Failures, now: number): number {
  const forgotten = Math.floor(Math.max(0, now - at) / FORGETTING_MS);
  return Math.max(0, count - forgotten);
}

/** After one more. */
export function failedAgain(before: Failures, now: number): Failures {
  return { count: Math.min(MOST_FAILURES, countAt(before, now) + 1), at: now };
}

/** Until when nothing is tried; not later than `at` while failures are free. */
export function blockedUntil({ count, at }: Failures): number {
  if (count <= FREE_FAILURES) return at;
  return at + Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - FREE_FAILURES - 1));
}

/** How many may be tried side by side, for each may turn out wrong: those that are free, or one. */
export function triesAtOnce(failures: Failures, now: number): number {
  return Math.max(1, FREE_FAILURES - countAt(failures, now));
}
