// The rooms and accounts of a log with the time in which each of them exists, from the derived tables.
import { z } from 'zod';
import type { Sql } from '../../../core/events/sql/sql.js';
import { bytes, decoded } from '../../../core/events/verification/log-reader.js';
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

// The last event of a closed room closes it.
const ROOMS = `SELECT ${bytes('r.id')} AS id, first.position AS "from", CASE WHEN r.is_open THEN NULL ELSE last.position END AS before
  FROM rooms r
  JOIN events first ON first.stream = r.id AND first.version = 1
  JOIN events last ON last.stream = r.id AND last.version = r.version
  ORDER BY first.position`;
const ACCOUNTS = `SELECT ${bytes('a.id')} AS id, first.position AS "from", NULL AS before
  FROM accounts a
  JOIN events first ON first.stream = 'account-' || a.id AND first.version = 1
  ORDER BY first.position`;

const ROOM_LEAD = 'room-';
const existingRow = z.object({ id: z.string(), from: z.number(), before: z.number().nullable() });

export function createCatalogue(sql: Pick<Sql, 'all'>): Catalogue {
  const read: { [K in SubjectKind]?: { readonly end: number; readonly all: readonly Existing[] } } = {};

  async function allOf(kind: SubjectKind, end: number): Promise<readonly Existing[]> {
    const known = read[kind];
    if (known !== undefined && known.end >= end) return known.all;
    const rows = await sql.all(kind === 'room' ? ROOMS : ACCOUNTS);
    const all = rows.map((row) => {
      const { id, from, before } = existingRow.parse(decoded(row));
      const plain = kind === 'room' ? id.slice(ROOM_LEAD.length) : id;
      return { subject: subjectOf(kind, plain), from, before: before ?? Number.POSITIVE_INFINITY };
    });
    read[kind] = { end, all };
    return all;
  }

  return {
    async at(kind, position, end) {
      const all = await allOf(kind, end);
      return all.filter(({ from, before }) => from <= position && position < before);
    },
  };
}
