// The timeline of a log: how many events each column of a time span has, and which columns have changes of admins and removals.
// The densities are found by a search for the bounds of the columns, the marks by a scan of the log slice by slice.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Row, Sql } from '../../../core/events/sql/sql.js';
import { lastPosition, timeAt } from '../../moment.js';
import type { Marks, Timeline, TimelineRequest } from '../reads.js';

export const ADMIN_CHANGES = ['AdminPromoted', 'AdminDemoted', 'AdminSucceeded'] as const;
export const REMOVALS = ['MemberRemoved', 'MemberBanned', 'AccountDisabled'] as const;

const SLICE_EVENTS = 10_000;
/** The columns that are scanned between two pictures. */
const COLUMNS_AT_ONCE = 8;
const KNOWN_MAX = 2_000;
const NO_MARKS: Marks = { hasAdminChange: false, hasRemoval: false };

const some = (types: readonly string[]): string =>
  `SELECT 1 AS found FROM events WHERE position > ? AND position <= ? AND type IN (${types.map(() => '?').join(', ')}) LIMIT 1`;
const ADMIN_CHANGE = some(ADMIN_CHANGES);
const REMOVAL = some(REMOVALS);

export function createTimelineReader(sql: Pick<Sql, 'all'>) {
  const known = new LRUCache<string, Marks>({ max: KNOWN_MAX });

  /** The positions of the last events up to some times, which ascend. Bounds between two known ones are found first. */
  async function positionsAt(
    times: readonly number[],
    low: number,
    high: number,
  ): Promise<readonly number[]> {
    if (times.length === 0) return [];
    if (low === high) return times.map(() => low);
    const middle = times.length >> 1;
    const found = await positionBetween(times[middle] ?? 0, low, high);
    return [
      ...(await positionsAt(times.slice(0, middle), low, found)),
      found,
      ...(await positionsAt(times.slice(middle + 1), found, high)),
    ];
  }

  /** The last position from `low` to `high` with an event recorded at or before a time; `low` if all were recorded later. */
  async function positionBetween(time: number, low: number, high: number): Promise<number> {
    let [before, after] = [low, high + 1];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if ((await timeAt(sql, middle)) <= time) before = middle;
      else after = middle;
    }
    return before;
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
    const end = await lastPosition(sql);
    const width = (to - from) / Math.max(1, columns);
    const bounds = Array.from({ length: columns }, (_, index) => from + width * (index + 1));
    const before = await positionBetween(from - 1, 0, end);
    const ends = await positionsAt(bounds, before, end);
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

const isFound = (rows: readonly Row[]): boolean => rows.length > 0;
