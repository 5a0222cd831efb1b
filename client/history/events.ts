// The events of a history.
import type { ConversationId } from '../../core/protocol/message/message.js';

/** How many unread messages of a conversation no longer count, although nobody read them. */
export interface UnreadLoss {
  readonly conversation: ConversationId;
  /** The number of unread messages, including mentions. */
  readonly unread: number;
  readonly mentions: number;
}

export interface HistoryEvents {
  /** Unread messages no longer count. Emitted before any later change is committed. */
  unreadLost: readonly UnreadLoss[];
}
