// The deletion of one message with everything that belongs to it. It runs inside its caller's transaction.
import type { Sql } from '../database/sql.js';
import { unindex } from './search.js';

/**
 * Deletes a message that is not in the outbox. Its number stays recorded as received, which prevents fetching the message again.
 */
export function deleteMessage(
  sql: Sql,
  { position, conversation }: { readonly position: number; readonly conversation: string },
): void {
  unindex(sql, position);
  sql.run('DELETE FROM unread WHERE conversation = ? AND position = ?', conversation, position);
  sql.run('DELETE FROM posts WHERE position = ?', position);
  sql.run('DELETE FROM withdrawn WHERE position = ?', position);
  sql.run('DELETE FROM messages WHERE position = ?', position);
}
