// The read state of conversations and the mutes, as the history stores them.
import type { AccountId } from '../../../core/ids.js';
import type { Hlc } from '../../../core/protocol/message/hlc.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';

/**
 * How a message changes the read state of its conversation when it is stored: `unread` and `mention` are counted until they
 * are read, `read` advances the last read timestamp, `none` changes nothing.
 */
export type ReadMark = 'unread' | 'mention' | 'read' | 'none';

/** The read state of a conversation. */
export interface ReadState {
  readonly conversation: ConversationId;
  /** The number of unread messages, mentions included. */
  readonly unread: number;
  readonly mentions: number;
  /** The latest timestamp that was read; null if nothing was read yet. */
  readonly lastRead: Hlc | null;
}

/** `all` silences everything, `mentions` everything except mentions. */
export type MuteLevel = 'all' | 'mentions';

export interface Mute {
  readonly conversation: ConversationId;
  /** The muted account in the conversation; null for every account. */
  readonly account: AccountId | null;
  readonly level: MuteLevel;
  /** Milliseconds since the epoch; null for a mute without an end. */
  readonly until: number | null;
}

/** The state of the notification policy at the start. */
export interface NotificationState {
  readonly readStates: readonly ReadState[];
  /** All mutes, including those that have ended. */
  readonly mutes: readonly Mute[];
  readonly isDnd: boolean;
}

/** The unsent text of an account in a conversation. */
export interface StoredDraft {
  readonly account: AccountId;
  readonly conversation: ConversationId;
  readonly text: string;
}
