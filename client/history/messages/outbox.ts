// The outbox in SQL: what waits for whom, and how far all that was said has come. Each function is part of a transaction of its
// caller.
import { z } from 'zod';
import { type AccountId, accountIdSchema, type DeviceId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { COLUMNS, storedMessage } from './row.js';
import type { MessageProgress, AckCount, StoredMessage, Verdict } from '../port.js';
import type { Sql } from '../database/sql.js';

/** A message just accepted, and for whom it is. */
export interface Queued {
  readonly position: number;
  readonly recipients: readonly AccountId[];
}

/** In order: together those in a row that are for the same. */
export function queueAll(sql: Sql, turn: readonly Queued[]): void {
  const groups: { readonly recipients: string; readonly of: number; readonly positions: number[] }[] = [];
  for (const { position, recipients } of turn) {
    if (recipients.length === 0) continue;
    const accounts = JSON.stringify(recipients);
    const last = groups.at(-1);
    if (last?.recipients === accounts) last.positions.push(position);
    else groups.push({ recipients: accounts, of: recipients.length, positions: [position] });
  }
  for (const { recipients, of, positions } of groups) {
    const messages = JSON.stringify(positions);
    sql.run('INSERT INTO posts (position, acked, "of") SELECT value, 0, ? FROM json_each(?)', of, messages);
    sql.run(
      `INSERT INTO outbox (account, position)
       SELECT recipient.value, message.value FROM json_each(?) recipient CROSS JOIN json_each(?) message`,
      recipients,
      messages,
    );
  }
}

export function pending(
  sql: Sql,
  device: DeviceId,
  account: AccountId,
  limit: number,
): readonly StoredMessage[] {
  return sql
    .all(
      // As the outbox has them, so that no more are read than are asked for.
      `SELECT ${COLUMNS} FROM outbox entry CROSS JOIN messages message ON message.position = entry.position
       WHERE entry.account = ? AND message.device = ? ORDER BY entry.position LIMIT ?`,
      account,
      device,
      limit,
    )
    .map(storedMessage);
}

const WAITING = `FROM outbox entry CROSS JOIN messages message ON message.position = entry.position
  WHERE message.device = ?`;

const countsSchema = z.array(z.object({ account: accountIdSchema, waiting: z.int() }));

export function pendingCounts(sql: Sql, device: DeviceId): ReadonlyMap<AccountId, number> {
  const rows = sql.all(
    `SELECT entry.account AS account, COUNT(*) AS waiting ${WAITING} GROUP BY entry.account`,
    device,
  );
  return new Map(countsSchema.parse(rows).map(({ account, waiting }) => [account, waiting]));
}

export function waiting(sql: Sql, device: DeviceId): number {
  const row = sql.get(`SELECT COUNT(DISTINCT entry.position) AS waiting ${WAITING}`, device);
  return z.object({ waiting: z.int() }).parse(row).waiting;
}

/** What one account said to one message. */
export interface Settlement {
  readonly position: number;
  readonly account: AccountId;
  readonly verdict: Verdict;
}

/** How far each has come then, in their order; null for what was not waiting. */
export function settle(sql: Sql, settlements: readonly Settlement[]): readonly (AckCount | null)[] {
  return alike(settlements).flatMap((same) => settleAlike(sql, same));
}

/** What one account said alike to several messages. */
interface Alike extends Omit<Settlement, 'position'> {
  readonly positions: number[];
}

function alike(settlements: readonly Settlement[]): readonly Alike[] {
  const groups: Alike[] = [];
  for (const { position, account, verdict } of settlements) {
    const last = groups.at(-1);
    if (last?.account === account && last.verdict === verdict) last.positions.push(position);
    else groups.push({ account, verdict, positions: [position] });
  }
  return groups;
}

const positionsSchema = z.array(z.object({ position: z.int() }));
const reachesSchema = z.array(z.object({ position: z.int(), acked: z.int(), of: z.int() }));

function settleAlike(sql: Sql, { account, verdict, positions }: Alike): readonly (AckCount | null)[] {
  const gone = sql.all(
    `DELETE FROM outbox WHERE account = ? AND position IN (SELECT value FROM json_each(?)) RETURNING position`,
    account,
    JSON.stringify(positions),
  );
  const rows = sql.all(
    `UPDATE posts SET acked = acked + ? WHERE position IN (SELECT value FROM json_each(?))
     RETURNING position, acked, "of"`,
    Number(verdict === 'delivered'),
    JSON.stringify(positionsSchema.parse(gone).map(({ position }) => position)),
  );
  const reached = new Map(reachesSchema.parse(rows).map(({ position, ...reach }) => [position, reach]));
  return positions.map((position) => {
    const reach = reached.get(position) ?? null;
    reached.delete(position);
    return reach;
  });
}

const waitingSchema = z.array(z.object({ id: z.string(), position: z.int() }));

export function withdraw(
  sql: Sql,
  conversation: ConversationId,
  account: AccountId,
): readonly MessageProgress[] {
  const messages = waitingSchema.parse(
    sql.all(
      `SELECT message.id AS id, entry.position AS position
       FROM outbox entry CROSS JOIN messages message ON message.position = entry.position
       WHERE entry.account = ? AND message.conversation = ? ORDER BY entry.position`,
      account,
      conversation,
    ),
  );
  const positions = JSON.stringify(messages.map(({ position }) => position));
  const chosen = 'position IN (SELECT value FROM json_each(?))';
  sql.run(`DELETE FROM outbox WHERE account = ? AND ${chosen}`, account, positions);
  sql.run('INSERT INTO withdrawn (position, account) SELECT value, ? FROM json_each(?)', account, positions);
  const rows = sql.all(
    `UPDATE posts SET "of" = "of" - 1 WHERE ${chosen} RETURNING position, acked, "of"`,
    positions,
  );
  const reached = new Map(reachesSchema.parse(rows).map((row) => [row.position, row]));
  return messages.flatMap(({ id, position }) => {
    const reach = reached.get(position);
    return reach === undefined ? [] : [{ id, conversation, ...reach }];
  });
}

/** Of each, in their order; null for what never was in the outbox. */
export function progress(sql: Sql, positions: readonly number[]): readonly (AckCount | null)[] {
  const rows = sql.all(
    'SELECT position, acked, "of" FROM posts WHERE position IN (SELECT value FROM json_each(?))',
    JSON.stringify(positions),
  );
  const reached = new Map(reachesSchema.parse(rows).map(({ position, ...reach }) => [position, reach]));
  return positions.map((position) => reached.get(position) ?? null);
}
