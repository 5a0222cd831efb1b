// The JSON form of a time.

/** @returns the ISO 8601 form in UTC of `at`, in milliseconds since the epoch */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

export function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
