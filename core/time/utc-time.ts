// Times for comparing clocks of several machines: in UTC, to the second.

/** The last millisecond that a `Date` can hold. */
const LATEST_MS = 8_640_000_000_000_000;

/** `2026-11-22 12:01:05 UTC`. @param at milliseconds since the epoch */
export function utcTime(at: number): string {
  return `${new Date(Math.min(at, LATEST_MS)).toISOString().replace('T', ' ').slice(0, -5)} UTC`;
}
