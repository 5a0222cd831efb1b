// The outbox in SQL: what waits for whom, and how far it has come. Each function is part of a transaction of its caller.
import { z } from 'zod';
import { type AccountId, accountIdSchema, type DeviceId } from '../../core/ids.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message.js';
import { COLUMNS, storedMessage } from './messages.js';
import type { Progress, StoredMessage, Verdict } from './port.js';
import type { Sql } from './sql.js';

export function pending(
  sql: Sql,
  device: DeviceId,
  account: AccountId,
  limit: number,
): readonly StoredMessage[] {
  return sql
    .all(
      // As the index has them, in the order in which they were queued, so that no more are read than are asked for.
      `SELECT ${COLUMNS} FROM outbox entry JOIN messages message ON message.id = entry.message_id
       WHERE entry.account = ? AND entry.state = 'queued' AND message.device = ?
       ORDER BY entry.rowid LIMIT ?`,
      account,
      device,
      limit,
    )
    .map(storedMessage);
}

const WAITING = `FROM outbox entry JOIN messages message ON message.id = entry.message_id
  WHERE entry.state = 'queued' AND message.device = ?`;

const countsSchema = z.array(z.object({ account: accountIdSchema, waiting: z.int() }));

export function pendingCounts(sql: Sql, device: DeviceId): ReadonlyMap<AccountId, number> {
  const rows = sql.all(
    `SELECT entry.account AS account, COUNT(*) AS waiting ${WAITING} GROUP BY entry.account`,
    device,
  );
  return new Map(countsSchema.parse(rows).map(({ account, waiting }) => [account, waiting]));
}

export function waiting(sql: Sql, device: DeviceId): number {
  const rows = sql.all(`SELECT COUNT(DISTINCT message.id) AS waiting ${WAITING}`, device);
  return z.tuple([z.object({ waiting: z.int() })]).parse(rows)[0].waiting;
}

/** What one account said to one message. */
export interface Settlement {
  readonly id: string;
  readonly account: AccountId;
  readonly verdict: Verdict;
}

const waitingSchema = z.array(
  z.object({
    id: z.string(),
    conversation: conversationIdSchema,
    acked: z.int(),
    of: z.int(),
    isWaiting: z.literal(1),
  }),
);

/** How far each has come then, in their order; null for what was not waiting. */
export function settle(sql: Sql, settlements: readonly Settlement[]): readonly (Progress | null)[] {
  return alike(settlements).flatMap((same) => settleAlike(sql, same));
}

/** What one account said alike to several messages. */
interface Alike extends Omit<Settlement, 'id'> {
  readonly ids: string[];
}

function alike(settlements: readonly Settlement[]): readonly Alike[] {
  const groups: Alike[] = [];
  for (const { id, account, verdict } of settlements) {
    const last = groups.at(-1);
    if (last?.account === account && last.verdict === verdict) last.ids.push(id);
    else groups.push({ account, verdict, ids: [id] });
  }
  return groups;
}

function settleAlike(sql: Sql, { account, verdict, ids }: Alike): readonly (Progress | null)[] {
  const rows = sql.all(
    `SELECT message.id AS id, message.conversation AS conversation, SUM(entry.state = 'delivered') AS acked,
       SUM(entry.state <> 'withdrawn') AS "of", SUM(entry.account = ? AND entry.state = 'queued') AS isWaiting
     FROM json_each(?) wanted JOIN messages message ON message.id = wanted.value
       JOIN outbox entry ON entry.message_id = message.id
     GROUP BY message.id HAVING isWaiting = 1`,
    account,
    JSON.stringify([...new Set(ids)]),
  );
  const before = new Map(waitingSchema.parse(rows).map((row) => [row.id, row]));
  sql.run(
    'UPDATE outbox SET state = ? WHERE account = ? AND message_id IN (SELECT value FROM json_each(?))',
    verdict,
    account,
    JSON.stringify([...before.keys()]),
  );
  return ids.map((id) => {
    const row = before.get(id);
    if (row === undefined) return null;
    before.delete(id);
    const { conversation, acked, of } = row;
    return { id, conversation, acked: acked + Number(verdict === 'delivered'), of };
  });
}

const idsSchema = z.array(z.object({ id: z.string() }));

export function withdraw(sql: Sql, conversation: ConversationId, account: AccountId): readonly Progress[] {
  const rows = sql.all(
    `SELECT message.id AS id FROM outbox entry JOIN messages message ON message.id = entry.message_id
     WHERE entry.account = ? AND entry.state = 'queued' AND message.conversation = ? ORDER BY message.position`,
    account,
    conversation,
  );
  const ids = idsSchema.parse(rows).map(({ id }) => id);
  sql.run(
    `UPDATE outbox SET state = 'withdrawn'
     WHERE account = ? AND message_id IN (SELECT value FROM json_each(?))`,
    account,
    JSON.stringify(ids),
  );
  return progress(sql, ids).flatMap((one) => one ?? []);
}

const progressSchema = z.array(
  z.object({ id: z.string(), conversation: conversationIdSchema, acked: z.int(), of: z.int() }),
);

/** Of each, in their order; null for what never was in the outbox. */
export function progress(sql: Sql, ids: readonly string[]): readonly (Progress | null)[] {
  const rows = sql.all(
    `SELECT message.id AS id, message.conversation AS conversation,
       SUM(entry.state = 'delivered') AS acked, SUM(entry.state <> 'withdrawn') AS "of"
     FROM json_each(?) wanted JOIN messages message ON message.id = wanted.value
       JOIN outbox entry ON entry.message_id = message.id
     GROUP BY message.id`,
    JSON.stringify([...new Set(ids)]),
  );
  const known = new Map(progressSchema.parse(rows).map((row) => [row.id, row]));
  return ids.map((id) => known.get(id) ?? null);
}
