// Lets go of old messages, in SQL, in slices: what is too old, and what is beyond the count of its conversation. What still
// waits for somebody stays. Each function is part of a transaction of its caller.
import { z } from 'zod';
import type { Retention } from '../port.js';
import { unindex } from '../messages/search.js';
import type { Sql } from '../database/sql.js';

const rowsSchema = z.array(z.object({ position: z.int(), conversation: z.string() }));
const overfullSchema = z.array(z.object({ conversation: z.string(), beyond: z.int() }));

/** Deletes up to `limit` messages; false when there are none left to delete. */
export function letGo(sql: Sql, { maxAgeMs, maxMessages }: Retention, nowMs: number, limit: number): boolean {
  const old = maxAgeMs === null ? [] : tooOld(sql, nowMs - maxAgeMs, limit);
  const gone = old.length > 0 || maxMessages === null ? old : beyondCount(sql, maxMessages, limit);
  for (const { position, conversation } of gone) {
    unindex(sql, position);
    sql.run('DELETE FROM unread WHERE conversation = ? AND position = ?', conversation, position);
    sql.run('DELETE FROM posts WHERE position = ?', position);
    sql.run('DELETE FROM withdrawn WHERE position = ?', position);
    sql.run('DELETE FROM messages WHERE position = ?', position);
  }
  return gone.length > 0;
}

const NOT_WAITING = 'position NOT IN (SELECT position FROM outbox)';

function tooOld(sql: Sql, beforeMs: number, limit: number) {
  return rowsSchema.parse(
    sql.all(
      `SELECT position, conversation FROM messages WHERE MIN(at, received_at) < ? AND ${NOT_WAITING} ORDER BY position LIMIT ?`,
      beforeMs,
      limit,
    ),
  );
}

function beyondCount(sql: Sql, maxMessages: number, limit: number) {
  const [overfull] = overfullSchema.parse(
    sql.all(
      `SELECT conversation, COUNT(*) - ?1 AS beyond FROM messages WHERE ${NOT_WAITING}
       GROUP BY conversation HAVING beyond > 0 LIMIT 1`,
      maxMessages,
    ),
  );
  if (overfull === undefined) return [];
  return rowsSchema.parse(
    sql.all(
      `SELECT position, conversation FROM messages WHERE conversation = ? AND ${NOT_WAITING}
       ORDER BY hlc, device, seq LIMIT ?`,
      overfull.conversation,
      Math.min(overfull.beyond, limit),
    ),
  );
}
