// The rooms and accounts of a log with the time in which each of them exists. They are read from the derived tables once, slice by
// slice in the background, and followed in the log from then on. The open rooms at the end of the log are known at once.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { addressOf } from '../../../core/actor/aggregate.js';
import type { Row, Sql } from '../../../core/events/sql/sql.js';
import { bytes, decoded } from '../../../core/events/verification/log-reader.js';
import { lastPosition } from '../../moment.js';
import { type Subject, type SubjectKind, subjectOf } from '../../subject/subject.js';

/** A room or account from one position on, up to but not including another. */
export interface Existing {
  readonly subject: Subject;
  readonly from: number;
  /** Infinity if it still exists. */
  readonly before: number;
}

export interface Catalogue {
  /** The rooms or accounts that exist at a position, oldest first. `end` is the end of the log. */
  at(kind: SubjectKind, position: number, end: number): Promise<readonly Existing[]>;
}

const SLICE_ROWS = 500;

// The last event of a closed room closes it. SQLite keeps the order of a cross join; otherwise it scans the whole log.
const roomsWhere = (condition: string): string =>
  `SELECT ${bytes('r.id')} AS stream, first.position AS "from", CASE WHEN r.is_open THEN NULL ELSE last.position END AS before
  FROM (SELECT id, is_open, version FROM rooms WHERE ${condition}) r
  CROSS JOIN events first ON first.stream = r.id AND first.version = 1
  CROSS JOIN events last ON last.stream = r.id AND last.version = r.version`;
const OPEN_ROOMS = roomsWhere('is_open = TRUE');
const SLICES: { readonly [K in SubjectKind]: string } = {
  room: roomsWhere('id > ? ORDER BY id LIMIT ?'),
  account: `SELECT ${bytes('first.stream')} AS stream, first.position AS "from", NULL AS before
    FROM (SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ?) a
    CROSS JOIN events first ON first.stream = 'account-' || a.id AND first.version = 1`,
};
const CHANGES = `SELECT position, ${bytes('stream')} AS stream, ${bytes('type')} AS type FROM events
  WHERE position > ? AND type IN ('RoomCreated', 'RoomClosed', 'AccountRegistered') ORDER BY position`;

const existingRow = z.object({ stream: z.string(), from: z.number(), before: z.number().nullable() });
const changeRow = z.object({ position: z.number(), stream: z.string(), type: z.string() });

export function createCatalogue(sql: Pick<Sql, 'all'>): Catalogue {
  const all = new Map<string, Existing>();
  const sorted: { [K in SubjectKind]?: readonly Existing[] } = {};
  let loading: Promise<void> | null = null;
  let isLoaded = false;
  /** The position up to which `all` is complete. */
  let upTo = 0;

  function put(existing: Existing): void {
    all.set(existing.subject.stream, existing);
    delete sorted[existing.subject.kind];
  }

  async function load(): Promise<void> {
    upTo = await lastPosition(sql);
    for (const kind of ['room', 'account'] as const) {
      for (let after = ''; ; ) {
        const rows = await sql.all(SLICES[kind], [after, SLICE_ROWS]);
        const found = existingIn(rows);
        for (const existing of found) put(existing);
        if (rows.length < SLICE_ROWS) break;
        // The id of a room is its stream.
        const ids = found.map(({ subject }) => (kind === 'room' ? subject.stream : subject.id));
        after = ids.toSorted(byText).at(-1) ?? after;
        await nextTurn();
      }
    }
    isLoaded = true;
  }

  /**
   * Adds the rooms and accounts that began after `upTo`, and ends those that closed. The tables may have been newer than `upTo`,
   * which does no harm.
   */
  async function extend(end: number): Promise<void> {
    if (end <= upTo) return;
    for (const row of await sql.all(CHANGES, [upTo])) {
      const { position, stream, type } = changeRow.parse(decoded(row));
      const known = all.get(stream);
      const subject = subjectIn(stream);
      if (type === 'RoomClosed' && known !== undefined) put({ ...known, before: position });
      else if (known === undefined && subject !== null)
        put({ subject, from: position, before: Number.POSITIVE_INFINITY });
      upTo = position;
    }
    upTo = Math.max(upTo, end);
  }

  return {
    async at(kind, position, end) {
      loading ??= load();
      // A failure is reported to whoever awaits it below.
      loading.catch(() => undefined);
      if (!isLoaded && kind === 'room' && position === end) {
        return existingIn(await sql.all(OPEN_ROOMS)).toSorted(byAge);
      }
      await loading;
      await extend(end);
      sorted[kind] ??= [...all.values()].filter(({ subject }) => subject.kind === kind).toSorted(byAge);
      return sorted[kind].filter(({ from, before }) => from <= position && position < before);
    },
  };
}

const byAge = (one: Existing, other: Existing): number => one.from - other.from;
const byText = (one: string, other: string): number => (one < other ? -1 : 1);

function existingIn(rows: readonly Row[]): readonly Existing[] {
  return rows.flatMap((row) => {
    const { stream, from, before } = existingRow.parse(decoded(row));
    const subject = subjectIn(stream);
    return subject === null ? [] : [{ subject, from, before: before ?? Number.POSITIVE_INFINITY }];
  });
}

function subjectIn(stream: string): Subject | null {
  const address = addressOf(stream);
  return address === null ? null : subjectOf(address.kind === 'room' ? 'room' : 'account', address.id);
}
