// Local times as people read them, to the minute. All arguments are milliseconds since the epoch.

const two = (number: number): string => String(number).padStart(2, '0');

/** `12:01`. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11-22`. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time of day of `at`, preceded by the day unless it is the day of `now`. */
export function timeOf(at: number, now: number): string {
  return dayOf(at) === dayOf(now) ? timeOfDay(at) : `${dayOf(at)} ${timeOfDay(at)}`;
}
