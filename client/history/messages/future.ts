// The sorting of messages with a timestamp in the future: they are moved to where they arrived in their conversation. First a
// plan is made from all messages, read in slices in order of arrival. Then its moves are carried out in slices, starting with the
// newest message. Each function that gets `sql` runs inside its caller's transaction.
import { z } from 'zod';
import { hlcAt } from '../../../core/protocol/message/hlc.js';
import type { Sql } from '../database/sql.js';

/** A message with its sort key, which orders it in its conversation, and its position, which is its order of arrival. */
interface Placed {
  readonly position: number;
  readonly conversation: string;
  readonly sort: string;
}

/** A message from the future, with the sort key of the message after which it is moved. */
export interface Move extends Placed {
  readonly before: string;
}

export interface Plan {
  /** Takes the next messages, in the order of their positions. */
  take(placed: readonly Placed[]): void;
  /** The messages from the future, in the order of their positions. */
  readonly moves: Move[];
}

const placedSchema = z.array(z.object({ position: z.int(), conversation: z.string(), sort: z.string() }));

const FIRST = hlcAt(0);

export function hasFuture(sql: Sql, latestMs: number): boolean {
  const found = sql.get(
    `SELECT position FROM (SELECT DISTINCT conversation FROM held) one
     CROSS JOIN messages message ON message.conversation = one.conversation AND message.sort > ? LIMIT 1`,
    hlcAt(latestMs),
  );
  return found !== undefined;
}

/** The next `limit` messages after a position, in order of arrival. */
export function placedAfter(sql: Sql, position: number, limit: number): readonly Placed[] {
  return placedSchema.parse(
    sql.all(
      'SELECT position, conversation, sort FROM messages WHERE position > ? ORDER BY position LIMIT ?',
      position,
      limit,
    ),
  );
}

/**
 * A plan for the messages with a timestamp after `latestMs`. Each one is moved after the latest message of its conversation that
 * arrived before it and is not from the future. So consecutive messages from the future get the same prefix in their sort keys,
 * and keep the order of their timestamps on every terminal. The message before them may itself have been moved by an earlier
 * plan.
 */
export function createPlan(latestMs: number): Plan {
  const latest = hlcAt(latestMs);
  const last = new Map<string, string>();
  const moves: Move[] = [];
  return {
    moves,
    take(placed) {
      for (const one of placed) {
        const before = last.get(one.conversation) ?? FIRST;
        if (one.sort > latest) moves.push({ ...one, before });
        else if (one.sort > before && one.sort < latest) last.set(one.conversation, one.sort);
      }
    },
  };
}

/**
 * Carries out moves of a plan, given newest first. If the program exits before all are carried out, the next plan moves the
 * remaining messages to the same places. A message whose sort key has changed meanwhile, or whose time is no longer in the
 * future, is not moved.
 */
export function carryOut(sql: Sql, moves: readonly Move[], latestMs: number): void {
  const latest = hlcAt(latestMs);
  for (const { position, sort, before } of moves) {
    if (sort <= latest) continue;
    sql.run(
      "UPDATE messages SET sort = ? || '~' || hlc WHERE position = ? AND sort = ?",
      before,
      position,
      sort,
    );
  }
}

/** Limits read positions to `latestMs`: a conversation cannot be read up to a time in the future. */
export function limitReads(sql: Sql, latestMs: number): void {
  sql.run('UPDATE reads SET hlc = ?1 WHERE hlc > ?1', hlcAt(latestMs));
}
