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

/** The latest `limit` messages of `conversations` that contain all words, in order. The last word may be a prefix. */
export function search(
  sql: Sql,
  words: readonly string[],
  conversations: readonly ConversationId[],
  limit: number,
): readonly DatedMessage[] {
  // Put each word in double quotes, so that its characters are not read as operators. Remove NUL characters, because a NUL would
  // end the query.
  const quoted = words.map((word) => `"${word.replaceAll('\0', ' ').replaceAll('"', '""')}"`);
  return sql
    .all(
      `SELECT ${DATED_COLUMNS} FROM words JOIN messages message ON message.position = words.rowid
       WHERE words MATCH ? AND message.conversation IN (SELECT value FROM json_each(?))
       ORDER BY message.sort DESC, message.device DESC, message.seq DESC LIMIT ?`,
      `${quoted.join(' ')}*`,
      JSON.stringify(conversations),
      limit,
    )
    .map(datedMessage)
    .toReversed();
}
