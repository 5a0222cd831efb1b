// Messages to be read again, in SQL, in the order that is the same for all. Each function is part of a transaction of its
// caller.
import { z } from 'zod';
import type { ConversationId } from '../../core/protocol/message.js';
import { COLUMNS, storedMessage } from './messages.js';
import type { Place, ReadAgain } from './port.js';
import type { Sql } from './sql.js';

const timesSchema = z.object({ at: z.int(), received_at: z.int() });

/** A clock that goes far ahead does not date what was said after the day it came. */
export function readAgain(row: unknown): ReadAgain {
  const { at, received_at: receivedAt } = timesSchema.parse(row);
  const { id, message } = storedMessage(row);
  return { id, message, at: Math.min(at, receivedAt) };
}

/** What `readAgain` reads. */
export const READ_COLUMNS = `${COLUMNS}, message.at, message.received_at`;

/** Where a message stands in its conversation; null when it is not here. */
export function placeOf(sql: Sql, id: string): Place | null {
  const [row] = sql.all(`SELECT ${READ_COLUMNS} FROM messages message WHERE id = ?`, id);
  if (row === undefined) return null;
  const { hlc, device, seq } = readAgain(row).message;
  return { hlc, device, seq };
}

/** The latest `limit` messages before `before`, in order. */
export function earlier(
  sql: Sql,
  conversation: ConversationId,
  before: Place | null,
  limit: number,
): readonly ReadAgain[] {
  const past = before === null ? '' : 'AND (hlc, device, seq) < (?, ?, ?)';
  const place = before === null ? [] : [before.hlc, before.device, before.seq];
  return sql
    .all(
      `SELECT ${READ_COLUMNS} FROM messages message WHERE conversation = ? ${past}
       ORDER BY hlc DESC, device DESC, seq DESC LIMIT ?`,
      conversation,
      ...place,
      limit,
    )
    .map(readAgain)
    .toReversed();
}

/** The first `limit` messages after `after`, in order. */
export function later(
  sql: Sql,
  conversation: ConversationId,
  after: Place | null,
  limit: number,
): readonly ReadAgain[] {
  const rest = after === null ? '' : 'AND (hlc, device, seq) > (?, ?, ?)';
  const place = after === null ? [] : [after.hlc, after.device, after.seq];
  return sql
    .all(
      `SELECT ${READ_COLUMNS} FROM messages message WHERE conversation = ? ${rest}
       ORDER BY hlc, device, seq LIMIT ?`,
      conversation,
      ...place,
      limit,
    )
    .map(readAgain);
}
