// The queries on unread counts, read markers, mutes and do-not-disturb. Each function runs inside its caller's transaction.
import { z } from 'zod';
import { type AccountId, accountIdSchema } from '../../../core/ids.js';
import { type Hlc, hlcSchema } from '../../../core/protocol/message/hlc.js';
import { type ConversationId, conversationIdSchema } from '../../../core/protocol/message/message.js';
import type { NotificationState, Mute, ReadState } from './read-state.js';
import type { UnreadLoss } from '../events.js';
import type { Sql } from '../database/sql.js';

const DND = 'dnd';
/** The value of the column `account` in a mute of the whole conversation. */
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

const latestSchema = z.object({ hlc: hlcSchema.nullable() });

export function notificationState(sql: Sql): NotificationState {
  const mutes = mutesSchema.parse(sql.all('SELECT conversation, account, level, until FROM mutes'));
  return {
    readStates: readStates(sql),
    mutes,
    isDnd: sql.get('SELECT 1 FROM preferences WHERE name = ? AND is_on = 1', DND) !== undefined,
  };
}

function readStates(sql: Sql): readonly ReadState[] {
  const rows = sql.all(
    `SELECT conversation, COUNT(*) AS unread, SUM(is_mention) AS mentions FROM unread GROUP BY conversation`,
  );
  const counts = new Map(countsSchema.parse(rows).map((row) => [row.conversation, row]));
  const reads = readsSchema.parse(sql.all('SELECT conversation, hlc FROM reads'));
  const lastRead = new Map(reads.map(({ conversation, hlc }) => [conversation, hlc]));
  return [...new Set([...counts.keys(), ...lastRead.keys()])].map((conversation) => ({
    conversation,
    unread: counts.get(conversation)?.unread ?? 0,
    mentions: counts.get(conversation)?.mentions ?? 0,
    lastRead: lastRead.get(conversation) ?? null,
  }));
}

export function markRead(sql: Sql, conversation: ConversationId): Hlc | null {
  sql.run('DELETE FROM unread WHERE conversation = ?', conversation);
  const { hlc } = latestSchema.parse(
    sql.get('SELECT substr(MAX(sort), 1, 16) AS hlc FROM messages WHERE conversation = ?', conversation),
  );
  if (hlc !== null) advance(sql, conversation, hlc);
  return hlc;
}

/** Moves the read marker to `hlc`, unless the marker is already later. */
function advance(sql: Sql, conversation: ConversationId, hlc: Hlc): void {
  sql.run(
    `INSERT INTO reads (conversation, hlc) VALUES (?, ?)
     ON CONFLICT (conversation) DO UPDATE SET hlc = MAX(reads.hlc, excluded.hlc)`,
    conversation,
    hlc,
  );
}

/** Stops counting the messages at these positions. */
export function forgetUnreadAt(sql: Sql, positions: readonly number[]): readonly UnreadLoss[] {
  return forgetUnread(sql, 'SELECT value FROM json_each(?)', JSON.stringify(positions));
}

/** Stops counting the messages of `account`. */
export function forgetUnreadOf(sql: Sql, account: AccountId): readonly UnreadLoss[] {
  const ofAccount =
    'SELECT position FROM messages WHERE position IN (SELECT position FROM unread) AND account = ?';
  return forgetUnread(sql, ofAccount, account);
}

function forgetUnread(sql: Sql, positions: string, value: string): readonly UnreadLoss[] {
  const lost = countsSchema.parse(
    sql.all(
      `SELECT conversation, COUNT(*) AS unread, SUM(is_mention) AS mentions FROM unread
       WHERE position IN (${positions}) GROUP BY conversation`,
      value,
    ),
  );
  if (lost.length > 0) sql.run(`DELETE FROM unread WHERE position IN (${positions})`, value);
  return lost;
}

export function mute(sql: Sql, { conversation, account, level, until }: Mute): void {
  sql.run(
    'INSERT OR REPLACE INTO mutes (conversation, account, level, until) VALUES (?, ?, ?, ?)',
    conversation,
    account ?? EVERYBODY,
    level,
    until,
  );
}

/** Deletes the mutes that ended before `nowMs`. */
export function deleteEndedMutes(sql: Sql, nowMs: number): void {
  sql.run('DELETE FROM mutes WHERE until <= ?', nowMs);
}

export function unmute(sql: Sql, conversation: ConversationId, account: AccountId | null): void {
  sql.run('DELETE FROM mutes WHERE conversation = ? AND account = ?', conversation, account ?? EVERYBODY);
}

export function setDnd(sql: Sql, isOn: boolean): void {
  sql.run('INSERT OR REPLACE INTO preferences (name, is_on) VALUES (?, ?)', DND, Number(isOn));
}
