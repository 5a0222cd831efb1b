// What a happening is worth to the user: whether it notifies, how loudly, and whether it counts as unread. Pure: the
// whole policy of notifications is here.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { Mark, Mute } from '../../history/port.js';
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
  /** Null for what concerns the account itself. */
  readonly conversation: ConversationId | null;
  readonly subject: AccountId;
  /** Who did it; null when it followed from the rules. */
  readonly by: AccountId | null;
}

export interface Circumstances {
  readonly me: AccountId | null;
  /** Those in force. */
  readonly mutes: readonly Mute[];
  readonly isBlocked: (account: AccountId) => boolean;
  /** Do not disturb: nothing is loud. */
  readonly isDnd: boolean;
  /** What is being shown: its messages are read as they come. */
  readonly shown: ConversationId | null;
  /** Whether the user is known to look at it; a plain terminal may lie under another window. */
  readonly isWatched: boolean;
}

/** A notification's kind and loudness; null where there is none. */
type Worth<K> = { readonly kind: K; readonly isLoud: boolean } | null;

/** `worth`: null for one's own, and for what is muted. */
export function regardMessage(
  { conversation, author, isMention }: MessageHappening,
  { me, mutes, isDnd, shown, isWatched }: Circumstances,
): { readonly mark: Mark; readonly worth: Worth<MessageNotification['kind']> } {
  const isShown = conversation === shown;
  const level = muteLevel(mutes, conversation, [author]);
  const isMuted = level === 'all' || (level === 'mentions' && !isMention);
  if (author === me || isMuted) return { mark: isShown ? 'read' : 'none', worth: null };
  const isPrivate = partiesOf(conversation) !== null;
  const kind = isMention ? 'mention' : isPrivate ? 'private' : 'message';
  const isLoud = kind !== 'message' && !isDnd && !(isShown && isWatched);
  return { mark: isShown ? 'read' : isMention ? 'mention' : 'unread', worth: { kind, isLoud } };
}

/** Null for what one did oneself, what is muted (no notice is a mention), and what somebody did who is blocked. */
export function regardNotice(
  { type, conversation, subject, by }: NoticeHappening,
  { me, mutes, isBlocked, isDnd }: Circumstances,
): Worth<EventNotification['kind']> {
  if (by !== null && by === me) return null;
  const personal = subject === me ? PERSONAL.get(type) : undefined;
  // Whom one does not want to hear can still put one out: that is no chatter of theirs, as an invitation is.
  const actors =
    personal !== undefined && personal !== 'invitation' ? [] : by === null ? [subject] : [subject, by];
  if (actors.some(isBlocked)) return null;
  const muters = personal === undefined ? actors : [];
  if (muteLevel(mutes, conversation, muters) !== null) return null;
  return { kind: personal ?? 'event', isLoud: personal !== undefined && !isDnd };
}

/** What happens to oneself and is told loudly. */
const PERSONAL: ReadonlyMap<string, Exclude<EventNotification['kind'], 'event'>> = new Map([
  ['AdminPromoted', 'promotion'],
  ['AdminSucceeded', 'promotion'],
  ['MemberRemoved', 'removal'],
  ['MemberBanned', 'ban'],
  ['MemberInvited', 'invitation'],
]);
