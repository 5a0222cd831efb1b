// The notification policy: whether a message or notice alerts the user, how loudly, and whether it counts as unread. Pure; no
// other file decides about notifications.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { ReadMark, Mute } from '../../history/reading/read-state.js';
import type { EventNotification, MessageNotification } from '../events.js';
import { muteLevel } from './mutes.js';

export interface MessageHappening {
  readonly conversation: ConversationId;
  readonly author: AccountId;
  readonly isMention: boolean;
}

export interface NoticeHappening {
  /** The domain event. */
  readonly type: string;
  /** Null for a notice about the account itself. */
  readonly conversation: ConversationId | null;
  readonly subject: AccountId;
  /** The account that made the change; null if the tracker made it by itself. */
  readonly by: AccountId | null;
}

export interface Circumstances {
  readonly me: AccountId | null;
  /** The mutes in force. */
  readonly mutes: readonly Mute[];
  readonly isBlocked: (account: AccountId) => boolean;
  /** Do not disturb: no alert is loud. */
  readonly isDnd: boolean;
  /** The conversation on the screen: its messages are read as they arrive. */
  readonly shown: ConversationId | null;
  /** Whether the user is known to look at `shown`; a plain terminal may lie below another window. */
  readonly isWatched: boolean;
}

/** The kind and loudness of a notification; null if the user is not notified. */
type Alert<K> = { readonly kind: K; readonly isLoud: boolean } | null;

export interface MessageRating {
  /** How the message changes the stored read state. */
  readonly mark: ReadMark;
  /** Null for the user's own messages and for muted messages. */
  readonly alert: Alert<MessageNotification['kind']>;
}

export function rateMessage(
  { conversation, author, isMention }: MessageHappening,
  { me, mutes, isDnd, shown, isWatched }: Circumstances,
): MessageRating {
  const isShown = conversation === shown;
  const level = muteLevel(mutes, conversation, [author]);
  const isMuted = level === 'all' || (level === 'mentions' && !isMention);
  if (author === me || isMuted) return { mark: isShown ? 'read' : 'none', alert: null };
  const isPrivate = partiesOf(conversation) !== null;
  const kind = isMention ? 'mention' : isPrivate ? 'private' : 'message';
  const isLoud = kind !== 'message' && !isDnd && !(isShown && isWatched);
  return { mark: isShown ? 'read' : isMention ? 'mention' : 'unread', alert: { kind, isLoud } };
}

/**
 * Null for the user's own acts, for acts of blocked people, and for conversations muted at any level, because no notice is a
 * mention.
 */
export function rateNotice(
  { type, conversation, subject, by }: NoticeHappening,
  { me, mutes, isBlocked, isDnd }: Circumstances,
): Alert<EventNotification['kind']> {
  if (by !== null && by === me) return null;
  const personal = subject === me ? PERSONAL.get(type) : undefined;
  // The user must learn of a promotion, removal or ban even by a blocked admin. An invitation by a blocked person stays silent.
  const actors =
    personal !== undefined && personal !== 'invitation' ? [] : by === null ? [subject] : [subject, by];
  if (actors.some(isBlocked)) return null;
  const muters = personal === undefined ? actors : [];
  if (muteLevel(mutes, conversation, muters) !== null) return null;
  return { kind: personal ?? 'event', isLoud: personal !== undefined && !isDnd };
}

/** Notices about the user that are loud. */
const PERSONAL: ReadonlyMap<string, Exclude<EventNotification['kind'], 'event'>> = new Map([
  ['AdminPromoted', 'promotion'],
  ['AdminSucceeded', 'promotion'],
  ['MemberRemoved', 'removal'],
  ['MemberBanned', 'ban'],
  ['MemberInvited', 'invitation'],
]);
