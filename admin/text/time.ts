// The one form in which times are shown.

/** ISO 8601 in UTC; the plain number if the time is outside the calendar. */
export function timeText(recordedAt: number): string {
  const date = new Date(recordedAt);
  return Number.isNaN(date.getTime()) ? String(recordedAt) : date.toISOString();
}
