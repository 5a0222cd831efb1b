// What is unread, read and muted, in SQL. Each function is part of one transaction that its caller holds.
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { z } from 'zod';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import { type Hlc, hlcSchema } from '../../core/protocol/hlc.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message.js';
import type { Attention, Mute, Reading } from './port.js';
import { messageTable, muteTable, preferenceTable, readTable, unreadTable } from './tables.js';

const DND = 'dnd';
/** How a mute of everybody in a conversation is written where a mute of one account has the account. */
const EVERYBODY = '';

const countsSchema = z.array(
  z.object({ conversation: conversationIdSchema, unread: z.int(), mentions: z.int() }),
);
const readsSchema = z.array(z.object({ conversation: conversationIdSchema, hlc: hlcSchema }));
const mutesSchema = z.array(
  z.object({
    conversation: conversationIdSchema,
    account: z.union([z.literal(EVERYBODY).transform(() => null), accountIdSchema]),
    level: z.enum(['all', 'mentions']),
    until: z.int().nullable(),
  }),
);

/** Mutes whose time is over are left out. */
export async function attention(sql: EntityManager, nowMs: number): Promise<Attention> {
  const mutes = mutesSchema.parse(await sql.find(muteTable));
  return {
    readings: await readings(sql),
    mutes: mutes.filter(({ until }) => until === null || until > nowMs),
    isDnd: await sql.existsBy(preferenceTable, { name: DND, isOn: true }),
  };
}

async function readings(sql: EntityManager): Promise<readonly Reading[]> {
  const rows = await sql
    .createQueryBuilder(unreadTable, 'unread')
    .select('unread.conversation', 'conversation')
    .addSelect('COUNT(*)', 'unread')
    .addSelect('SUM(unread.isMention)', 'mentions')
    .groupBy('unread.conversation')
    .getRawMany();
  const counts = new Map(countsSchema.parse(rows).map((row) => [row.conversation, row]));
  const reads = readsSchema.parse(await sql.find(readTable));
  const lastRead = new Map(reads.map(({ conversation, hlc }) => [conversation, hlc]));
  return [...new Set([...counts.keys(), ...lastRead.keys()])].map((conversation) => ({
    conversation,
    unread: counts.get(conversation)?.unread ?? 0,
    mentions: counts.get(conversation)?.mentions ?? 0,
    lastRead: lastRead.get(conversation) ?? null,
  }));
}

export async function read(sql: EntityManager, conversation: ConversationId): Promise<Hlc | null> {
  await sql.delete(unreadTable, { conversation });
  const row = await sql
    .createQueryBuilder(messageTable, 'message')
    .select('MAX(message.hlc)', 'hlc')
    .where('message.conversation = :conversation', { conversation })
    .getRawOne();
  const { hlc } = z.object({ hlc: hlcSchema.nullable() }).parse(row);
  if (hlc !== null) await advance(sql, conversation, hlc);
  return hlc;
}

/** What comes late with an older timestamp takes nothing back. */
async function advance(sql: EntityManager, conversation: ConversationId, hlc: Hlc): Promise<void> {
  const before = await sql.findOneBy(readTable, { conversation });
  if (before === null || before.hlc < hlc)
    await sql.upsert(readTable, { conversation, hlc }, ['conversation']);
}

/** Those whose time is over go. */
export async function mute(
  sql: EntityManager,
  { conversation, account, level, until }: Mute,
  nowMs: number,
): Promise<void> {
  await sql.delete(muteTable, { until: LessThanOrEqual(nowMs) });
  const row = { conversation, account: account ?? EVERYBODY, level, until };
  await sql.upsert(muteTable, row, ['conversation', 'account']);
}

export async function unmute(
  sql: EntityManager,
  conversation: ConversationId,
  account: AccountId | null,
): Promise<void> {
  await sql.delete(muteTable, { conversation, account: account ?? EVERYBODY });
}

export async function setDnd(sql: EntityManager, isOn: boolean): Promise<void> {
  await sql.upsert(preferenceTable, { name: DND, isOn }, ['name']);
}
