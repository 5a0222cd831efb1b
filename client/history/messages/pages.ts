// The queries for pages of messages. They use the message order that is the same on every terminal. Each function runs inside its
// caller's transaction.
import { z } from 'zod';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { COLUMNS, storedMessage } from './row.js';
import type { SortKey, DatedMessage } from '../port.js';
import type { Sql } from '../database/sql.js';

const datesSchema = z.object({ at: z.int(), received_at: z.int(), sort: z.string() });

/**
 * Reads a message with its date. The date is the time of sending by the author's clock. It is at most the time of storing,
 * because the author's clock may be ahead.
 */
export function datedMessage(row: unknown): DatedMessage {
  const { at, received_at: receivedAt, sort } = datesSchema.parse(row);
  const { id, position, message, proof } = storedMessage(row);
  const { device, seq } = message;
  return { id, position, message, proof, at: Math.min(at, receivedAt), key: { sort, device, seq } };
}

/** The columns that `datedMessage` needs. */
export const DATED_COLUMNS = `${COLUMNS}, message.at, message.received_at, message.sort`;

/** The sort key of a message; null if it is not stored. */
export function sortKeyOf(sql: Sql, id: string): SortKey | null {
  // The index groups the ids in parts of a thousand messages each. Search the parts one by one, starting with the latest.
  const row = sql.get(
    `WITH RECURSIVE part (number) AS (
       SELECT MAX(position) / 1000 FROM messages UNION ALL SELECT number - 1 FROM part WHERE number > 0)
     SELECT ${DATED_COLUMNS} FROM part CROSS JOIN messages message
     WHERE message.position / 1000 = part.number AND message.id = ? LIMIT 1`,
    id,
  );
  return row === undefined ? null : datedMessage(row).key;
}

/** The latest `limit` messages before `before`, in order. */
export function earlier(
  sql: Sql,
  conversation: ConversationId,
  before: SortKey | null,
  limit: number,
): readonly DatedMessage[] {
  const past = before === null ? '' : 'AND (sort, device, seq) < (?, ?, ?)';
  const place = before === null ? [] : [before.sort, before.device, before.seq];
  return sql
    .all(
      `SELECT ${DATED_COLUMNS} FROM messages message WHERE conversation = ? ${past}
       ORDER BY sort DESC, device DESC, seq DESC LIMIT ?`,
      conversation,
      ...place,
      limit,
    )
    .map(datedMessage)
    .toReversed();
}

/** The first `limit` messages after `after`, in order. */
export function later(
  sql: Sql,
  conversation: ConversationId,
  after: SortKey | null,
  limit: number,
): readonly DatedMessage[] {
  const rest = after === null ? '' : 'AND (sort, device, seq) > (?, ?, ?)';
  const place = after === null ? [] : [after.sort, after.device, after.seq];
  return sql
    .all(
      `SELECT ${DATED_COLUMNS} FROM messages message WHERE conversation = ? ${rest}
       ORDER BY sort, device, seq LIMIT ?`,
      conversation,
      ...place,
      limit,
    )
    .map(datedMessage);
}
