// A moment of the log: the state after one of its positions. An operator names it by the position, by a time, by a duration
// before now, or as `now`.
import { z } from 'zod';
import { OperatorError } from '../core/errors.js';
import type { Sql } from '../core/events/sql/sql.js';
import type { Clock } from '../core/time/clock.js';
import { parseDuration } from '../core/time/duration.js';

export type Moment =
  | { readonly kind: 'now' }
  /** 0 is the moment before the first event. */
  | { readonly kind: 'position'; readonly position: number }
  /** Milliseconds since the epoch. */
  | { readonly kind: 'time'; readonly time: number };

/** A part of the log: the positions after `after`, up to and including `upTo`. */
export interface Span {
  readonly after: number;
  readonly upTo: number;
}

/** The forms of a moment, for a message about a wrong one. */
export const MOMENT_FORMS =
  'Give a position, a date (2026-01-31), a date with a time (2026-01-31T12:00Z), a time span before now (90m, 12h, 7d), or "now".';

const POSITION = /^\d{1,15}$/;
const ZONE = /(Z|[+-]\d{2}:?\d{2})$/;
const zoned = { offset: true, local: true } as const;
const date = z.union([z.iso.date(), z.iso.datetime(zoned), z.iso.datetime({ ...zoned, precision: -1 })]);

/** Null if the text is not a moment. A time without a zone is UTC. */
export function parseMoment(text: string, clock: Clock): Moment | null {
  if (text === 'now') return { kind: 'now' };
  if (POSITION.test(text)) return { kind: 'position', position: Number(text) };
  const agoMs = parseDuration(text);
  if (agoMs !== null) return { kind: 'time', time: clock.now() - agoMs };
  if (!date.safeParse(text).success) return null;
  const time = Date.parse(ZONE.test(text) || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(time) ? null : { kind: 'time', time };
}

/**
 * The position of a moment. A time is the position of the last event recorded at or before it; if the clock of the tracker was
 * set back, it is one of the positions at which the log passed that time. Throws an `OperatorError` for a position beyond the
 * end of the log.
 */
export async function positionAt(sql: Pick<Sql, 'all'>, moment: Moment): Promise<number> {
  const end = await lastPosition(sql);
  switch (moment.kind) {
    case 'now':
      return end;
    case 'position':
      if (moment.position <= end) return moment.position;
      throw new OperatorError(
        `the log has no position ${moment.position}: it ends at position ${end}`,
        MOMENT_FORMS,
      );
    case 'time':
      return positionAtTime(sql, moment.time, end);
  }
}

/**
 * The span from one moment to another, both included. A time in `since` selects the events recorded at that time or later; a time
 * in `until`, those recorded at that time or earlier.
 */
export async function spanBetween(
  sql: Pick<Sql, 'all'>,
  since: Moment | undefined,
  until: Moment | undefined,
): Promise<Span> {
  return { after: await positionBefore(sql, since), upTo: await positionUpTo(sql, until) };
}

async function positionBefore(sql: Pick<Sql, 'all'>, since: Moment | undefined): Promise<number> {
  switch (since?.kind) {
    case undefined:
      return 0;
    case 'position':
      return Math.max(0, since.position - 1);
    case 'now':
      return lastPosition(sql);
    case 'time':
      return positionAtTime(sql, since.time - 1, await lastPosition(sql));
  }
}

/** The position at which a span ends. It may be beyond the end of the log, because the log grows. */
async function positionUpTo(sql: Pick<Sql, 'all'>, until: Moment | undefined): Promise<number> {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  return until.kind === 'position' ? until.position : positionAt(sql, until);
}

async function positionAtTime(sql: Pick<Sql, 'all'>, time: number, end: number): Promise<number> {
  // The event at `low` was recorded at or before the time, the event at `high` after it.
  let low = 0;
  let high = end + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await timeAt(sql, middle)) <= time) low = middle;
    else high = middle;
  }
  return low;
}

const found = z.object({ found: z.number().int() });

/** The time at which the event at a position was recorded, in milliseconds since the epoch. Throws an `OperatorError` if the position has no event. */
export async function timeAt(sql: Pick<Sql, 'all'>, position: number): Promise<number> {
  const [row] = await sql.all('SELECT recorded_at AS found FROM events WHERE position = ?', [position]);
  const parsed = found.safeParse(row);
  if (parsed.success) return parsed.data.found;
  throw new OperatorError(
    `the log has no readable event at position ${position}`,
    'Run `partyline admin verify` to find where the damage begins.',
  );
}

/** The position of the last event; 0 for an empty log. */
export async function lastPosition(sql: Pick<Sql, 'all'>): Promise<number> {
  const [row] = await sql.all('SELECT COALESCE(MAX(position), 0) AS found FROM events');
  return found.parse(row).found;
}
