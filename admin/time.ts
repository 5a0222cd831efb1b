// The parser of times that an operator types: a date, a date with a time, or a duration before now.
import { z } from 'zod';
import type { Clock } from '../core/time/clock.js';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AGO = /^(\d{1,9})([smhd])$/;

const date = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);

/** Milliseconds since the epoch; null if the text is not a time. A time without a zone is UTC. */
export function parseTime(text: string, clock: Clock): number | null {
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count !== undefined) return clock.now() - Number(count) * (UNITS_MS[unit] ?? 0);
  if (!date.safeParse(text).success) return null;
  const isZoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T');
  const time = Date.parse(isZoned ? text : `${text}Z`);
  return Number.isNaN(time) ? null : time;
}
