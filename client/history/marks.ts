// What storing a message means to who reads here, in SQL. Each function is part of a transaction that its caller holds.
import type { Message } from '../../core/protocol/message.js';
import type { Mark } from './port.js';
import type { Sql } from './sql.js';

/** Marks a message just stored. */
export function mark(
  sql: Sql,
  messageId: string,
  { conversation, hlc }: Pick<Message, 'conversation' | 'hlc'>,
  how: Mark,
): void {
  switch (how) {
    case 'unread':
    case 'mention':
      sql.run(
        'INSERT INTO unread (message_id, conversation, is_mention) VALUES (?, ?, ?)',
        messageId,
        conversation,
        how === 'mention' ? 1 : 0,
      );
      break;
    case 'read':
      // What comes late with an older timestamp takes nothing back.
      sql.run(
        `INSERT INTO reads (conversation, hlc) VALUES (?, ?)
         ON CONFLICT (conversation) DO UPDATE SET hlc = MAX(hlc, excluded.hlc)`,
        conversation,
        hlc,
      );
      break;
    case 'none':
      break;
  }
}
