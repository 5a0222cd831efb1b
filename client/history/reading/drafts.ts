// The queries on drafts, the unsent text of each account in each conversation. Each function runs inside its caller's transaction.
import { z } from 'zod';
import { accountIdSchema } from '../../../core/ids.js';
import { conversationIdSchema } from '../../../core/protocol/message/message.js';
import type { Sql } from '../database/sql.js';
import type { StoredDraft } from './read-state.js';

const draftsSchema = z.array(
  z.object({ account: accountIdSchema, conversation: conversationIdSchema, text: z.string() }),
);

export function drafts(sql: Sql): readonly StoredDraft[] {
  return draftsSchema.parse(sql.all('SELECT account, conversation, text FROM drafts'));
}

/** Replaces the draft of this account in this conversation. An empty text removes it. */
export function saveDraft(sql: Sql, { account, conversation, text }: StoredDraft): void {
  sql.run('DELETE FROM drafts WHERE account = ? AND conversation = ?', account, conversation);
  if (text === '') return;
  sql.run('INSERT INTO drafts (account, conversation, text) VALUES (?, ?, ?)', account, conversation, text);
}
