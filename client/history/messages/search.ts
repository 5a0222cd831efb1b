// The full-text index of messages, which is filled in slices, and the search. Each function runs inside its caller's
// transaction.
import { z } from 'zod';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { DATED_COLUMNS, datedMessage } from './pages.js';
import type { DatedMessage } from '../port.js';
import type { Sql } from '../database/sql.js';

const positionSchema = z.tuple([z.object({ position: z.int().nullable() })]);

/** The position of the last message in the index; 0 if the index is empty. */
const lastIndexed = (sql: Sql): number =>
  positionSchema.parse(sql.all('SELECT position FROM indexed WHERE id = 1'))[0].position ?? 0;

/** Adds up to `limit` messages that are not in the index yet. False if no message was missing. */
export function indexSome(sql: Sql, limit: number): boolean {
  const from = lastIndexed(sql);
  const [{ position: to }] = positionSchema.parse(
    sql.all(
      'SELECT MAX(position) AS position FROM (SELECT position FROM messages WHERE position > ? ORDER BY position LIMIT ?)',
      from,
      limit,
    ),
  );
  if (to === null) return false;
  sql.run(
    'INSERT INTO words (rowid, text) SELECT position, text FROM messages WHERE position > ? AND position <= ?',
    from,
    to,
  );
  sql.run('UPDATE indexed SET position = ? WHERE id = 1', to);
  return true;
}

/** Removes a message from the index. Must be called before the message is deleted. */
export function unindex(sql: Sql, position: number): void {
  sql.run(
    `INSERT INTO words (words, rowid, text) SELECT 'delete', position, text FROM messages
     WHERE position = ? AND position <= (SELECT position FROM indexed WHERE id = 1)`,
    position,
  );
}

/** The first look of a search covers this many times its limit. */
const LOOK_FACTOR = 4;

const matchesSchema = z.array(
  z.object({ position: z.int(), sort: z.string(), device: z.string(), seq: z.int() }),
);
type Match = z.infer<typeof matchesSchema>[number];

/**
 * The latest `limit` messages of `conversations` that contain all words, in order. The last word may be a prefix. A search for a
 * common word does not read all matches: the matches that were stored last suffice if all matches stored before them are also
 * earlier in the order of messages.
 */
export function search(
  sql: Sql,
  words: readonly string[],
  conversations: readonly ConversationId[],
  limit: number,
): readonly DatedMessage[] {
  // Put each word in double quotes, so that its characters are not read as operators. Remove NUL characters, because a NUL would
  // end the query.
  const quoted = words.map((word) => `"${word.replaceAll('\0', ' ').replaceAll('"', '""')}"`);
  const wanted = { query: `${quoted.join(' ')}*`, places: JSON.stringify(conversations) };
  const lookLimit = limit * LOOK_FACTOR;
  const look = lastStored(sql, wanted, lookLimit);
  const found = latestOf(look, limit);
  const earliest = found.at(-1);
  const first = look.at(-1);
  const missed =
    earliest === undefined || first === undefined || look.length < lookLimit
      ? null
      : firstLaterStoredBefore(sql, wanted.places, earliest, first.position);
  const all = missed === null ? found : latestOf(storedFrom(sql, wanted, missed), limit);
  return sql
    .all(
      `SELECT ${DATED_COLUMNS} FROM messages message WHERE position IN (SELECT value FROM json_each(?))
       ORDER BY message.sort, message.device, message.seq`,
      JSON.stringify(all.map(({ position }) => position)),
    )
    .map(datedMessage);
}

interface Wanted {
  /** An expression of the full-text index. */
  readonly query: string;
  /** The conversations as a JSON array. */
  readonly places: string;
}

// CROSS JOIN keeps the order of the index, so that no more matches are read than needed.
const MATCHES = `SELECT position, sort, device, seq FROM words CROSS JOIN messages ON position = words.rowid
  WHERE words MATCH ? AND conversation IN (SELECT value FROM json_each(?))`;

/** The matches that were stored last, the latest first. */
const lastStored = (sql: Sql, { query, places }: Wanted, limit: number): readonly Match[] =>
  matchesSchema.parse(sql.all(`${MATCHES} ORDER BY words.rowid DESC LIMIT ?`, query, places, limit));

/** All matches stored at `position` or later. */
const storedFrom = (sql: Sql, { query, places }: Wanted, position: number): readonly Match[] =>
  matchesSchema.parse(sql.all(`${MATCHES} AND words.rowid >= ?`, query, places, position));

/** The position of the first message that is later than `match` in the order of messages, but was stored before `position`. */
function firstLaterStoredBefore(sql: Sql, places: string, match: Match, position: number): number | null {
  const row = sql.all(
    // The index in the order of messages holds all these columns. The plus signs keep SQLite from reading the table from its start.
    `SELECT MIN(+position) AS position FROM messages
     WHERE conversation IN (SELECT value FROM json_each(?)) AND sort >= ? AND +position < ?`,
    places,
    match.sort,
    position,
  );
  return positionSchema.parse(row)[0].position;
}

/** The `limit` latest matches in the order of messages, the latest first. */
const latestOf = (matches: readonly Match[], limit: number): readonly Match[] =>
  matches.toSorted((one, other) => -compare(one, other)).slice(0, limit);

/** Compares as SQLite compares the columns of the order of messages. */
function compare(one: Match, other: Match): number {
  if (one.sort !== other.sort) return one.sort < other.sort ? -1 : 1;
  if (one.device !== other.device) return one.device < other.device ? -1 : 1;
  return one.seq - other.seq;
}
