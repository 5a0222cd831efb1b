// Times as people here read them: local, to the minute.

const two = (number: number): string => String(number).padStart(2, '0');

/** `12:01`. */
function timeOfDay(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11-22`. */
function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time of day of `at`, with the day unless it is that of `now`; both milliseconds since the epoch. */
export function timeOf(at: number, now: number): string {
  const date = new Date(at);
  return dayOf(date) === dayOf(new Date(now)) ? timeOfDay(date) : `${dayOf(date)} ${timeOfDay(date)}`;
}
