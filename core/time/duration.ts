// Durations as people write and read them: the one parser and the printers.

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const UNITS_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const DURATION = /^(\d{1,9})([smhd])$/i;

/** Milliseconds of `0s`, `30s`, `90m`, `24h` or `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  const unitMs = UNITS_MS[unit?.toLowerCase() ?? ''];
  return count === undefined || unitMs === undefined ? null : Number(count) * unitMs;
}

const NAMES = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', SECOND_MS],
] as const;

/** `90 minutes`, `2 days`: a duration as it was chosen, in the largest unit of which it is a whole number. */
export function exactDuration(durationMs: number): string {
  const [name, unitMs] = NAMES.find(([, ms]) => durationMs % ms === 0) ?? ['second', SECOND_MS];
  return counted(Math.round(durationMs / unitMs), name);
}

/** `1 second`, `40 seconds`, `15 minutes`, `2 hours`, `30 days`: a time to wait, rounded up so that waiting it is enough. */
export function waitingTime(durationMs: number): string {
  const seconds = Math.max(1, Math.ceil(durationMs / SECOND_MS));
  if (seconds < 120) return counted(seconds, 'second');
  if (durationMs <= 2 * HOUR_MS) return counted(Math.ceil(durationMs / MINUTE_MS), 'minute');
  const hours = Math.ceil(durationMs / HOUR_MS);
  return hours <= 48 ? counted(hours, 'hour') : counted(Math.ceil(hours / 24), 'day');
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`: a time that has passed, in its two largest units. */
export function elapsedTime(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / SECOND_MS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;
