// The texts that several parts of the view share. Pure.

/** `2026-01-31 12:00:00`, in UTC; the plain number if the time is outside the calendar. */
export function shortTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** As `shortTime`, of a time that is already ISO 8601. */
export const shortIso = (time: string | null): string =>
  time === null ? 'before the first event' : time.slice(0, 19).replace('T', ' ');
