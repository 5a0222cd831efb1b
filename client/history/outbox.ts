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
      `SELECT ${COLUMNS} FROM outbox entry JOIN messages message ON message.id = entry.message_id
       WHERE entry.account = ? AND entry.state = 'queued' AND message.device = ?
       ORDER BY message.position LIMIT ?`,
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

export function settle(sql: Sql, id: string, account: AccountId, verdict: Verdict): Progress | null {
  const changed = sql.run(
    "UPDATE outbox SET state = ? WHERE message_id = ? AND account = ? AND state = 'queued'",
    verdict,
    id,
    account,
  );
  return changed === 0 ? null : progress(sql, id);
}

const idsSchema = z.array(z.object({ id: z.string() }));

export function withdraw(sql: Sql, conversation: ConversationId, account: AccountId): readonly Progress[] {
  const rows = sql.all(
    `SELECT message.id AS id FROM outbox entry JOIN messages message ON message.id = entry.message_id
     WHERE entry.account = ? AND entry.state = 'queued' AND message.conversation = ? ORDER BY message.position`,
    account,
    conversation,
  );
  return idsSchema.parse(rows).flatMap(({ id }) => {
    sql.run("UPDATE outbox SET state = 'withdrawn' WHERE message_id = ? AND account = ?", id, account);
    return progress(sql, id) ?? [];
  });
}

const progressSchema = z.object({
  id: z.string(),
  conversation: conversationIdSchema,
  acked: z.int(),
  of: z.int(),
});

export function progress(sql: Sql, id: string): Progress | null {
  const row = sql.get(
    `SELECT message.id AS id, message.conversation AS conversation,
       SUM(entry.state = 'delivered') AS acked, SUM(entry.state <> 'withdrawn') AS "of"
     FROM messages message JOIN outbox entry ON entry.message_id = message.id
     WHERE message.id = ? GROUP BY message.id`,
    id,
  );
  return row === undefined ? null : progressSchema.parse(row);
}
