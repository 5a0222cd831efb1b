// Durations as people write them: a number and a unit.

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d{1,9})([smhd])$/i;

/** `0s`, `30s`, `90m`, `24h` or `7d` in milliseconds; null for anything else. */
export function durationMs(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  const unitMs = UNITS_MS[unit?.toLowerCase() ?? ''];
  return count === undefined || unitMs === undefined ? null : Number(count) * unitMs;
}
