// Messages and the outbox in SQL. Each function is part of one transaction that its caller holds.
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { type AccountId, accountIdSchema, type DeviceId } from '../../core/ids.js';
import { type Hlc, hlcSchema, millisecondsOf } from '../../core/protocol/hlc.js';
import {
  type ConversationId,
  conversationIdSchema,
  type Message,
  messageId,
  messageSchema,
} from '../../core/protocol/message.js';
import { mark } from './attention.js';
import type { Draft, Mark, Progress, StoredMessage, Verdict } from './port.js';
import { counterTable, type MessageRow, messageTable, outboxTable } from './tables.js';

/** Numbers, stores and queues one's own message. */
export async function accept(
  sql: EntityManager,
  draft: Draft,
  recipients: readonly AccountId[],
  nowMs: number,
): Promise<StoredMessage> {
  const { device, conversation } = draft;
  const counter = await sql.findOneBy(counterTable, { device, conversation });
  const seq = (counter?.last ?? 0) + 1;
  await sql.upsert(counterTable, { device, conversation, last: seq }, ['device', 'conversation']);
  const message: Message = { ...draft, seq };
  const id = messageId(message);
  await sql.insert(messageTable, rowOf(id, message, nowMs));
  const entries = recipients.map((account) => ({ messageId: id, account, state: 'queued' as const }));
  if (entries.length > 0) await sql.insert(outboxTable, entries);
  return { id, message };
}

/** Stores and marks another's message unless its id is there. */
export async function store(
  sql: EntityManager,
  message: Message,
  how: Mark,
  nowMs: number,
): Promise<'stored' | 'known'> {
  const id = messageId(message);
  if (await sql.existsBy(messageTable, { id })) return 'known';
  await sql.insert(messageTable, rowOf(id, message, nowMs));
  await mark(sql, id, message, how);
  return 'stored';
}

export async function pending(
  sql: EntityManager,
  device: DeviceId,
  account: AccountId,
  limit: number,
): Promise<readonly StoredMessage[]> {
  const rows = await sql
    .createQueryBuilder(messageTable, 'message')
    .innerJoin('outbox', 'entry', 'entry.messageId = message.id')
    .where('entry.account = :account AND entry.state = :state', { account, state: 'queued' })
    .andWhere('message.device = :device', { device })
    .orderBy('message.position')
    .limit(limit)
    .getMany();
  return rows.map((row) => ({ id: row.id, message: messageSchema.parse(row) }));
}

const countsSchema = z.array(z.object({ account: accountIdSchema, waiting: z.number() }));

export async function pendingCounts(
  sql: EntityManager,
  device: DeviceId,
): Promise<ReadonlyMap<AccountId, number>> {
  const rows = await waitingOf(sql, device)
    .select('entry.account', 'account')
    .addSelect('COUNT(*)', 'waiting')
    .groupBy('entry.account')
    .getRawMany();
  return new Map(countsSchema.parse(rows).map(({ account, waiting }) => [account, waiting]));
}

export async function waiting(sql: EntityManager, device: DeviceId): Promise<number> {
  const row = await waitingOf(sql, device).select('COUNT(DISTINCT message.id)', 'waiting').getRawOne();
  return z.object({ waiting: z.number() }).parse(row).waiting;
}

function waitingOf(sql: EntityManager, device: DeviceId) {
  return sql
    .createQueryBuilder(messageTable, 'message')
    .innerJoin('outbox', 'entry', 'entry.messageId = message.id')
    .where('entry.state = :state AND message.device = :device', { state: 'queued', device });
}

export async function settle(
  sql: EntityManager,
  id: string,
  account: AccountId,
  verdict: Verdict,
): Promise<Progress | null> {
  const changed = await sql.update(
    outboxTable,
    { messageId: id, account, state: 'queued' },
    { state: verdict },
  );
  return changed.affected === 0 ? null : progress(sql, id);
}

export async function withdraw(
  sql: EntityManager,
  conversation: ConversationId,
  account: AccountId,
): Promise<readonly Progress[]> {
  const entries = await sql
    .createQueryBuilder(outboxTable, 'entry')
    .innerJoin('message', 'message', 'message.id = entry.messageId')
    .where('entry.account = :account AND entry.state = :state', { account, state: 'queued' })
    .andWhere('message.conversation = :conversation', { conversation })
    .orderBy('message.position')
    .getMany();
  const changed: Progress[] = [];
  for (const { messageId } of entries) {
    await sql.update(outboxTable, { messageId, account }, { state: 'withdrawn' });
    const now = await progress(sql, messageId);
    if (now !== null) changed.push(now);
  }
  return changed;
}

export async function progress(sql: EntityManager, id: string): Promise<Progress | null> {
  const entries = await sql.findBy(outboxTable, { messageId: id });
  const message = await sql.findOneBy(messageTable, { id });
  if (message === null || entries.length === 0) return null;
  return {
    id,
    conversation: conversationIdSchema.parse(message.conversation),
    acked: entries.filter(({ state }) => state === 'delivered').length,
    of: entries.filter(({ state }) => state !== 'withdrawn').length,
  };
}

export async function latestHlc(sql: EntityManager): Promise<Hlc | null> {
  const row = await sql
    .createQueryBuilder(messageTable, 'message')
    .select('MAX(message.hlc)', 'hlc')
    .getRawOne();
  return z.object({ hlc: hlcSchema.nullable() }).parse(row).hlc;
}

function rowOf(id: string, message: Message, nowMs: number): MessageRow {
  return { id, ...message, at: millisecondsOf(message.hlc), receivedAt: nowMs };
}
