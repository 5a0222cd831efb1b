// A time to wait, in words: rounded up, so that who waits as long is not told to wait again.

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Such as `1 second`, `40 seconds`, `15 minutes`, `2 hours`, `30 days`. */
export function inWords(durationMs: number): string {
  const seconds = Math.max(1, Math.ceil(durationMs / SECOND_MS));
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  if (durationMs <= 2 * HOUR_MS) return `${Math.ceil(durationMs / MINUTE_MS)} minutes`;
  const hours = Math.ceil(durationMs / HOUR_MS);
  return hours <= 48 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
}
