// What storing a message means to who reads here, in SQL. Each function is part of a transaction that its caller holds.
import type { Message } from '../../../core/protocol/message/message.js';
import type { ReadMark } from '../port.js';
import type { Sql } from '../database/sql.js';

interface Marked {
  readonly position: number;
  readonly message: Pick<Message, 'conversation' | 'hlc'>;
  readonly mark: ReadMark;
}

/** Marks messages just stored. */
export function markAll(sql: Sql, stored: readonly Marked[]): void {
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
    // What comes late with an older timestamp takes nothing back.
    sql.run(
      `INSERT INTO reads (conversation, hlc) VALUES (?, ?)
       ON CONFLICT (conversation) DO UPDATE SET hlc = MAX(hlc, excluded.hlc)`,
      conversation,
      hlc,
    );
  }
}
