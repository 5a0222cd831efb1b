// The deletion of expired messages, in slices. A message has expired if it is too old, or if its conversation has too many later
// messages. Messages in the outbox are kept. Each function runs inside its caller's transaction.
import { z } from 'zod';
import type { UnreadLoss } from '../events.js';
import { forgetUnreadAt } from '../reading/unread.js';
import type { AgeCounts, Retention } from './age.js';
import { deleteMessage } from '../messages/delete.js';
import type { Sql } from '../database/sql.js';

const rowsSchema = z.array(z.object({ position: z.int(), conversation: z.string() }));
const ageCountsSchema = z.object({ stored: z.int(), expired: z.int() });
const overfullSchema = z.array(z.object({ conversation: z.string(), beyond: z.int() }));

interface Deleted {
  readonly count: number;
  readonly unreadLost: readonly UnreadLoss[];
}

/** Deletes up to `limit` messages. */
export function deleteExpired(
  sql: Sql,
  { maxAgeMs, maxMessages }: Retention,
  arrivalMs: number,
  limit: number,
): Deleted {
  const old = maxAgeMs === null ? [] : tooOld(sql, arrivalMs - maxAgeMs, limit);
  const expired = old.length > 0 || maxMessages === null ? old : beyondCount(sql, maxMessages, limit);
  const unreadLost = forgetUnreadAt(
    sql,
    expired.map(({ position }) => position),
  );
  for (const one of expired) deleteMessage(sql, one);
  return { count: expired.length, unreadLost };
}

/** How many messages are stored, and how many of these arrived before `beforeMs`. Messages in the outbox are not counted. */
export function ageCounts(sql: Sql, beforeMs: number): AgeCounts {
  return ageCountsSchema.parse(
    sql.get(
      `SELECT (SELECT COUNT(*) FROM messages WHERE ${NOT_QUEUED}) AS stored,
         (SELECT COUNT(*) FROM messages WHERE arrival < ? AND ${NOT_QUEUED}) AS expired`,
      beforeMs,
    ),
  );
}

const NOT_QUEUED = 'position NOT IN (SELECT position FROM outbox)';

function tooOld(sql: Sql, beforeMs: number, limit: number) {
  return rowsSchema.parse(
    sql.all(
      `SELECT position, conversation FROM messages WHERE arrival < ? AND ${NOT_QUEUED} ORDER BY arrival, position LIMIT ?`,
      beforeMs,
      limit,
    ),
  );
}

function beyondCount(sql: Sql, maxMessages: number, limit: number) {
  const [overfull] = overfullSchema.parse(
    sql.all(
      `SELECT conversation, COUNT(*) - ?1 AS beyond FROM messages WHERE ${NOT_QUEUED}
       GROUP BY conversation HAVING beyond > 0 LIMIT 1`,
      maxMessages,
    ),
  );
  if (overfull === undefined) return [];
  return rowsSchema.parse(
    sql.all(
      `SELECT position, conversation FROM messages WHERE conversation = ? AND ${NOT_QUEUED}
       ORDER BY sort, device, seq LIMIT ?`,
      overfull.conversation,
      Math.min(overfull.beyond, limit),
    ),
  );
}
