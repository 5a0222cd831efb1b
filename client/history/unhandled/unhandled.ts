// The queries on messages and notices that a program has not handled: messages of other devices in the order of storing, and
// notices that are kept for the program. Each function runs inside its caller's transaction.
import { z } from 'zod';
import { DATED_COLUMNS, datedMessage } from '../messages/pages.js';
import type { DatedMessage } from '../port.js';
import type { Sql } from '../database/sql.js';
import type { HandledPlace, UnhandledRows } from './port.js';

const placeSchema = z.object({ message: z.int(), notice: z.int() });
const noticesSchema = z.array(z.object({ number: z.int(), after: z.int(), content: z.string() }));

/** The number that SQLite assigned last in a table. It does not fall when the row is deleted. */
const lastOf = (table: string): string =>
  `IFNULL((SELECT seq FROM sqlite_sequence WHERE name = '${table}'), 0)`;

/** The handled place. On the first call everything that is stored counts as handled. */
export function handledPlace(sql: Sql): HandledPlace {
  sql.run(
    `INSERT OR IGNORE INTO handled (id, message, notice)
     VALUES (1, ${lastOf('messages')}, ${lastOf('unhandled_notices')})`,
  );
  return placeSchema.parse(sql.get('SELECT message, notice FROM handled WHERE id = 1'));
}

/** Stores the handled place and deletes the notices up to it. */
export function saveHandledPlace(sql: Sql, { message, notice }: HandledPlace): void {
  sql.run('INSERT OR REPLACE INTO handled (id, message, notice) VALUES (1, ?, ?)', message, notice);
  sql.run('DELETE FROM unhandled_notices WHERE number <= ?', notice);
}

export function keepNotice(sql: Sql, content: string): void {
  sql.run(`INSERT INTO unhandled_notices ("after", content) VALUES (${lastOf('messages')}, ?)`, content);
}

/** The first `limit` messages of other devices than `own`, and the first `limit` notices, after a place. */
export function unhandledAfter(
  sql: Sql,
  { message, notice }: HandledPlace,
  own: string,
  limit: number,
): UnhandledRows<DatedMessage> {
  const messages = sql.all(
    `SELECT ${DATED_COLUMNS} FROM messages message WHERE position > ? AND device <> ? ORDER BY position LIMIT ?`,
    message,
    own,
    limit,
  );
  const notices = sql.all(
    'SELECT number, "after", content FROM unhandled_notices WHERE number > ? ORDER BY number LIMIT ?',
    notice,
    limit,
  );
  return { messages: messages.map(datedMessage), notices: noticesSchema.parse(notices) };
}
