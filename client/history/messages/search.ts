// Words in messages, in SQL: an index that is filled in slices, and questions to it. Each function is part of a transaction
// of its caller.
import { z } from 'zod';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { READ_COLUMNS, readAgain } from './pages.js';
import type { DatedMessage } from '../port.js';
import type { Sql } from '../database/sql.js';

const positionSchema = z.tuple([z.object({ position: z.int().nullable() })]);

/** How far the index has come. */
const reached = (sql: Sql): number =>
  positionSchema.parse(sql.all('SELECT position FROM indexed WHERE id = 1'))[0].position ?? 0;

/** Takes up to `limit` more messages into the index; false when all are in it. */
export function indexSome(sql: Sql, limit: number): boolean {
  const from = reached(sql);
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

/** Takes a message out of the index, before it is deleted. */
export function unindex(sql: Sql, position: number): void {
  sql.run(
    `INSERT INTO words (words, rowid, text) SELECT 'delete', position, text FROM messages
     WHERE position = ? AND position <= (SELECT position FROM indexed WHERE id = 1)`,
    position,
  );
}

/** The latest `limit` messages of `conversations` with all of the words, in order; the last word may be the beginning of one. */
export function search(
  sql: Sql,
  words: readonly string[],
  conversations: readonly ConversationId[],
  limit: number,
): readonly DatedMessage[] {
  // In double quotes a word is nothing but a word; a NUL would end the question.
  const quoted = words.map((word) => `"${word.replaceAll('\0', ' ').replaceAll('"', '""')}"`);
  return sql
    .all(
      `SELECT ${READ_COLUMNS} FROM words JOIN messages message ON message.position = words.rowid
       WHERE words MATCH ? AND message.conversation IN (SELECT value FROM json_each(?))
       ORDER BY message.hlc DESC, message.device DESC, message.seq DESC LIMIT ?`,
      `${quoted.join(' ')}*`,
      JSON.stringify(conversations),
      limit,
    )
    .map(readAgain)
    .toReversed();
}
