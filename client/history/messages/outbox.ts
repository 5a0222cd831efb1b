// The outbox: the messages that are queued for each recipient, and the acknowledgements of each message. Each function runs inside
// its caller's transaction.
import { z } from 'zod';
import { type AccountId, accountIdSchema, type DeviceId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { COLUMNS, storedMessage } from './row.js';
import type { MessageProgress, AckCount, StoredMessage, Verdict } from '../port.js';
import type { Sql } from '../database/sql.js';

/** An accepted message and its recipients. */
export interface Queued {
  readonly position: number;
  readonly recipients: readonly AccountId[];
}

/**
 * Queues messages in order. Consecutive messages with the same recipients are written together. A message without recipients
 * counts as delivered at once.
 */
export function queueAll(sql: Sql, queued: readonly Queued[]): void {
  const groups: { readonly recipients: string; readonly of: number; readonly positions: number[] }[] = [];
  for (const { position, recipients } of queued) {
    const accounts = JSON.stringify(recipients);
    const last = groups.at(-1);
    if (last?.recipients === accounts) last.positions.push(position);
    else groups.push({ recipients: accounts, of: recipients.length, positions: [position] });
  }
  for (const { recipients, of, positions } of groups) {
    const messages = JSON.stringify(positions);
    sql.run(
      'INSERT INTO posts (position, acked, "of", refused) SELECT value, 0, ?, 0 FROM json_each(?)',
      of,
      messages,
    );
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
      // CROSS JOIN makes SQLite follow the order of the outbox, which avoids reading more rows than `limit`.
      `SELECT ${COLUMNS} FROM outbox entry CROSS JOIN messages message ON message.position = entry.position
       WHERE entry.account = ? AND message.device = ?
         AND entry.position NOT IN (SELECT position FROM provisional)
       ORDER BY entry.position LIMIT ?`,
      account,
      device,
      limit,
    )
    .map(storedMessage);
}

const QUEUED = `FROM outbox entry CROSS JOIN messages message ON message.position = entry.position
  WHERE message.device = ?`;

const countsSchema = z.array(z.object({ account: accountIdSchema, waiting: z.int() }));

export function pendingCounts(sql: Sql, device: DeviceId): ReadonlyMap<AccountId, number> {
  const rows = sql.all(
    `SELECT entry.account AS account, COUNT(*) AS waiting ${QUEUED} GROUP BY entry.account`,
    device,
  );
  return new Map(countsSchema.parse(rows).map(({ account, waiting }) => [account, waiting]));
}

export function pendingTotal(sql: Sql, device: DeviceId): number {
  const row = sql.get(`SELECT COUNT(DISTINCT entry.position) AS waiting ${QUEUED}`, device);
  return z.object({ waiting: z.int() }).parse(row).waiting;
}

/** The final answer of one account to one message. */
export interface MessageVerdict {
  readonly position: number;
  readonly account: AccountId;
  readonly verdict: Verdict;
}

/** Records verdicts and returns the acknowledgements of each message, in order; null for a message that was not queued. */
export function recordVerdicts(sql: Sql, verdicts: readonly MessageVerdict[]): readonly (AckCount | null)[] {
  return grouped(verdicts).flatMap((group) => recordGroup(sql, group));
}

/** The same answer of one account to several messages. */
interface VerdictGroup extends Omit<MessageVerdict, 'position'> {
  readonly positions: number[];
}

/** Groups consecutive equal verdicts of the same account. */
function grouped(verdicts: readonly MessageVerdict[]): readonly VerdictGroup[] {
  const groups: VerdictGroup[] = [];
  for (const { position, account, verdict } of verdicts) {
    const last = groups.at(-1);
    if (last?.account === account && last.verdict === verdict) last.positions.push(position);
    else groups.push({ account, verdict, positions: [position] });
  }
  return groups;
}

const positionsSchema = z.array(z.object({ position: z.int() }));
const ackCountsSchema = z.array(
  z.object({ position: z.int(), acked: z.int(), of: z.int(), refused: z.int() }),
);
const COUNTS = 'position, acked, "of", refused';

function recordGroup(sql: Sql, { account, verdict, positions }: VerdictGroup): readonly (AckCount | null)[] {
  const removed = sql.all(
    `DELETE FROM outbox WHERE account = ? AND position IN (SELECT value FROM json_each(?)) RETURNING position`,
    account,
    JSON.stringify(positions),
  );
  const rows = sql.all(
    `UPDATE posts SET acked = acked + ?, refused = refused + ? WHERE position IN (SELECT value FROM json_each(?))
     RETURNING ${COUNTS}`,
    Number(verdict === 'delivered'),
    Number(verdict === 'refused'),
    JSON.stringify(positionsSchema.parse(removed).map(({ position }) => position)),
  );
  const ackCounts = new Map(ackCountsSchema.parse(rows).map(({ position, ...count }) => [position, count]));
  return positions.map((position) => {
    const count = ackCounts.get(position) ?? null;
    ackCounts.delete(position);
    return count;
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
  const rows = sql.all(`UPDATE posts SET "of" = "of" - 1 WHERE ${chosen} RETURNING ${COUNTS}`, positions);
  return progressOfAll(messages, conversation, rows);
}

export function giveUp(
  sql: Sql,
  conversation: ConversationId,
  author: AccountId,
): readonly MessageProgress[] {
  const queued = waitingSchema.parse(
    sql.all(
      `SELECT message.id AS id, entry.position AS position
       FROM outbox entry CROSS JOIN messages message ON message.position = entry.position
       WHERE message.conversation = ? AND message.account = ? GROUP BY entry.position ORDER BY entry.position`,
      conversation,
      author,
    ),
  );
  const positions = JSON.stringify(queued.map(({ position }) => position));
  const chosen = 'position IN (SELECT value FROM json_each(?))';
  sql.run(`DELETE FROM outbox WHERE ${chosen}`, positions);
  const rows = sql.all(
    `UPDATE posts SET refused = "of" - acked WHERE ${chosen} RETURNING ${COUNTS}`,
    positions,
  );
  return progressOfAll(queued, conversation, rows);
}

function progressOfAll(
  messages: z.infer<typeof waitingSchema>,
  conversation: ConversationId,
  rows: readonly unknown[],
): readonly MessageProgress[] {
  const ackCounts = new Map(ackCountsSchema.parse(rows).map((row) => [row.position, row]));
  return messages.flatMap(({ id, position }) => {
    const count = ackCounts.get(position);
    return count === undefined ? [] : [{ id, conversation, ...count }];
  });
}

/** The number of acknowledgements of each message, in order; null for a message of another device. */
export function progress(sql: Sql, positions: readonly number[]): readonly (AckCount | null)[] {
  const rows = sql.all(
    `SELECT ${COUNTS} FROM posts WHERE position IN (SELECT value FROM json_each(?))`,
    JSON.stringify(positions),
  );
  const ackCounts = new Map(ackCountsSchema.parse(rows).map(({ position, ...count }) => [position, count]));
  return positions.map((position) => ackCounts.get(position) ?? null);
}
