// The changes of the read state that stored messages cause. Each function runs inside its caller's transaction.
import type { Message } from '../../../core/protocol/message/message.js';
import type { ReadMark } from './read-state.js';
import type { Sql } from '../database/sql.js';

interface MarkedMessage {
  readonly position: number;
  readonly message: Pick<Message, 'conversation' | 'hlc'>;
  readonly mark: ReadMark;
}

/** Applies the marks of messages that were just stored. */
export function applyMarks(sql: Sql, stored: readonly MarkedMessage[]): void {
  const unread = stored.filter(({ mark }) => mark === 'unread' || mark === 'mention');
  if (unread.length > 0) {
    sql.run(
      `INSERT INTO unread (position, conversation, is_mention)
       SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
      JSON.stringify(
        unread.map(({ position, message, mark }) => [
          position,
          message.conversation,
          Number(mark === 'mention'),
        ]),
      ),
    );
  }
  const read = new Map<string, string>();
  for (const { mark, message } of stored) {
    const { conversation, hlc } = message;
    if (mark === 'read' && hlc > (read.get(conversation) ?? '')) read.set(conversation, hlc);
  }
  for (const [conversation, hlc] of read) {
    // A late message with an older timestamp does not move the marker back.
    sql.run(
      `INSERT INTO reads (conversation, hlc) VALUES (?, ?)
       ON CONFLICT (conversation) DO UPDATE SET hlc = MAX(hlc, excluded.hlc)`,
      conversation,
      hlc,
    );
  }
}
