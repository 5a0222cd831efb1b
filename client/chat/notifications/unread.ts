// Unread counts of each conversation in memory; the history stores the same. The policy decides which messages count.
import type { Hlc } from '../../../core/protocol/message/hlc.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import type { UnreadLoss } from '../../history/events.js';
import type { History } from '../../history/port.js';
import type { ReadMark, ReadState } from '../../history/reading/read-state.js';

export interface Unread {
  of(conversation: ConversationId): ReadState;
  /** Notes a stored message with its mark; true if the counts changed. */
  note(message: Pick<Message, 'conversation' | 'hlc'>, mark: ReadMark): boolean;
  /** Subtracts messages that no longer count. */
  subtract(loss: UnreadLoss): void;
  /** Marks the whole conversation as read. Resolves when the change is on the disk: true if the counts changed. */
  read(conversation: ConversationId): Promise<boolean>;
}

export function createUnread(history: Pick<History, 'markRead'>, known: readonly ReadState[]): Unread {
  const readings = new Map(known.map((reading) => [reading.conversation, reading]));
  const of = (conversation: ConversationId): ReadState =>
    readings.get(conversation) ?? { conversation, unread: 0, mentions: 0, lastRead: null };
  return {
    of,
    note({ conversation, hlc }, mark) {
      const before = of(conversation);
      const counts = mark === 'unread' || mark === 'mention';
      if (counts) {
        const mentions = before.mentions + (mark === 'mention' ? 1 : 0);
        readings.set(conversation, { ...before, unread: before.unread + 1, mentions });
      } else if (mark === 'read') {
        readings.set(conversation, { ...before, lastRead: later(before.lastRead, hlc) });
      }
      return counts;
    },
    subtract({ conversation, unread, mentions }) {
      const before = of(conversation);
      readings.set(conversation, {
        ...before,
        unread: Math.max(0, before.unread - unread),
        mentions: Math.max(0, before.mentions - mentions),
      });
    },
    async read(conversation) {
      const latest = await history.markRead(conversation);
      // Reads the counts after the write, because messages may have been stored during it.
      const { unread, lastRead } = of(conversation);
      const now = { conversation, unread: 0, mentions: 0, lastRead: later(lastRead, latest) };
      readings.set(conversation, now);
      return unread > 0;
    },
  };
}

function later(one: Hlc | null, other: Hlc | null): Hlc | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? other : one;
}
