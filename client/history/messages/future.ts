// Messages whose timestamp lies in the future: each gets the place at which it arrived. A plan is read in slices, from the oldest
// message to the newest, and carried out in slices, from the newest to the oldest. Each function on SQL runs inside its caller's
// transaction.
import { z } from 'zod';
import { hlcAt } from '../../../core/protocol/message/hlc.js';
import type { Sql } from '../database/sql.js';

/** The place of a message in the order of its conversation, by its position in the history. */
interface Placed {
  readonly position: number;
  readonly conversation: string;
  readonly sort: string;
}

/** A message from the future with the sort key of the message before it. */
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

/** The next `limit` messages after a position. */
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
 * A plan for the messages dated after `latestMs`. The message before each of them is never one of its own series, so that every
 * terminal places a series alike, in the order of its timestamps. It may be one that was placed earlier, when the time moved before.
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
 * Carries out moves of a plan, the newest first. If the program ends in between, the next plan gives the rest the same places. A
 * message that has another place by now, or is not from the future any more, stays.
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

/** What was read up to a time in the future was read up to now. */
export function limitReads(sql: Sql, latestMs: number): void {
  sql.run('UPDATE reads SET hlc = ?1 WHERE hlc > ?1', hlcAt(latestMs));
}
