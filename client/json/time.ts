// The JSON form of a time.

/** ISO 8601 in UTC, of milliseconds since the epoch. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

export function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
