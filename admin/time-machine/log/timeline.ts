// The timeline of a log: how many events each column of a time span has, and which columns have changes of admins and removals.
// The densities are found by a search for the bounds of the columns, the marks by a scan of the log slice by slice.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { OperatorError } from '../../../core/errors.js';
import type { Row, Sql } from '../../../core/events/sql/sql.js';
import { lastPosition } from '../../moment.js';
import type { Marks, Timeline, TimelineRequest } from '../reads.js';

export const ADMIN_CHANGES = ['AdminPromoted', 'AdminDemoted', 'AdminSucceeded'] as const;
export const REMOVALS = ['MemberRemoved', 'MemberBanned', 'AccountDisabled'] as const;

const SLICE_EVENTS = 10_000;
/** The columns that are scanned between two pictures. */
const COLUMNS_AT_ONCE = 8;
const KNOWN_MAX = 2_000;
const NO_MARKS: Marks = { hasAdminChange: false, hasRemoval: false };

const TIMES = `SELECT position, recorded_at AS time FROM events
  WHERE position IN (SELECT value FROM json_each(?))`;
const timeSchema = z.number().int();
const some = (types: readonly string[]): string =>
  `SELECT 1 AS found FROM events WHERE position > ? AND position <= ? AND type IN (${types.map(() => '?').join(', ')}) LIMIT 1`;
const ADMIN_CHANGE = some(ADMIN_CHANGES);
const REMOVAL = some(REMOVALS);

export function createTimelineReader(sql: Pick<Sql, 'all'>) {
  const known = new LRUCache<string, Marks>({ max: KNOWN_MAX });

  /**
   * The positions of the last events recorded up to some times, which ascend. All are searched at once, because a statement takes
   * longer than a look at an event.
   */
  async function positionsAt(times: readonly number[]): Promise<readonly number[]> {
    const end = await lastPosition(sql);
    const searches = times.map((time) => ({ time, before: 0, after: end + 1 }));
    for (;;) {
      const open = searches.filter(({ before, after }) => after - before > 1);
      if (open.length === 0) break;
      const recordedAt = await timesAt(open.map(middleOf));
      for (const search of open) {
        const middle = middleOf(search);
        if (recordedAt(middle) <= search.time) search.before = middle;
        else search.after = middle;
      }
    }
    // With a clock that was set back, a later time may be found at an earlier position.
    let last = 0;
    return searches.map(({ before }) => {
      last = Math.max(last, before);
      return last;
    });
  }

  async function timesAt(positions: readonly number[]): Promise<(position: number) => number> {
    const rows = await sql.all(TIMES, [JSON.stringify([...new Set(positions)])]);
    const times = new Map(rows.map((row) => [z.number().parse(row['position']), row['time']]));
    return (position) => {
      const time = timeSchema.safeParse(times.get(position)).data;
      if (time !== undefined) return time;
      throw new OperatorError(
        `the log has no readable event at position ${position}`,
        'Run `partyline admin verify` to find where the damage begins.',
      );
    };
  }

  async function marksBetween(after: number, upTo: number, signal: AbortSignal): Promise<Marks> {
    let marks = NO_MARKS;
    for (let start = after; start < upTo && !signal.aborted; start += SLICE_EVENTS) {
      const part = [start, Math.min(upTo, start + SLICE_EVENTS)];
      const has = async (select: string, types: readonly string[]): Promise<boolean> =>
        isFound(await sql.all(select, [...part, ...types]));
      marks = {
        hasAdminChange: marks.hasAdminChange || (await has(ADMIN_CHANGE, ADMIN_CHANGES)),
        hasRemoval: marks.hasRemoval || (await has(REMOVAL, REMOVALS)),
      };
      if (marks.hasAdminChange && marks.hasRemoval) break;
      if (upTo - start > SLICE_EVENTS) await nextTurn();
    }
    return marks;
  }

  return async function* read({
    from,
    to,
    columns,
    signal,
  }: TimelineRequest): AsyncGenerator<Timeline, void> {
    const width = (to - from) / Math.max(1, columns);
    const bounds = Array.from({ length: columns }, (_, index) => from + width * (index + 1));
    const [before = 0, ...ends] = await positionsAt([from - 1, ...bounds]);
    const marks = Array.from({ length: columns }, () => NO_MARKS);
    const picture = (): Timeline => ({ from, to, ends, before, marks: marks.slice() });
    yield picture();
    await nextTurn();
    for (const [index, last] of ends.entries()) {
      const first = ends[index - 1] ?? before;
      if (first === last) continue;
      const key = `${first}-${last}`;
      const found = known.get(key) ?? (await marksBetween(first, last, signal));
      if (signal.aborted) return;
      known.set(key, found);
      marks[index] = found;
      if (index % COLUMNS_AT_ONCE === COLUMNS_AT_ONCE - 1) yield picture();
      // The scene at the cursor is read at the same time, turn by turn.
      await nextTurn();
      if (signal.aborted) return;
    }
    yield picture();
  };
}

const middleOf = ({ before, after }: { readonly before: number; readonly after: number }): number =>
  Math.floor((before + after) / 2);

const isFound = (rows: readonly Row[]): boolean => rows.length > 0;
