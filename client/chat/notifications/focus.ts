// What the user attends to: which conversation is shown, what is unread and muted, and what is told of as a notification.
// How much a happening is worth is decided elsewhere.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import { millisecondsOf } from '../../../core/protocol/message/hlc.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import type { Notice } from '../../../core/protocol/signed/statements.js';
import type { History, Attention as Kept } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import type { ChatMessage, ChatNotice, ConversationState } from '../events.js';
import { mentionsOf } from './mentions.js';
import { createMutes, type Mutes, muteLevel } from './mutes.js';
import { eventNotification, messageNotification } from './notification.js';
import type { Tell } from '../peers/peers.js';
import type { People } from '../people/people.js';
import { type Circumstances, regardMessage, regardNotice } from './policy.js';
import { createUnread } from './unread.js';

export interface AttentionParts {
  readonly history: History;
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly people: Pick<People, 'nameOf'>;
  readonly identity: () => { readonly account: AccountId; readonly username: string } | null;
  /** What the history has kept. */
  readonly kept: Kept;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly tell: Tell;
}

type Regard = ReturnType<typeof regardMessage>;

export interface Attention {
  readonly mutes: Mutes;
  readonly isDnd: boolean;
  stateOf(conversation: ConversationId): ConversationState;
  /** What a message is worth that is about to be stored. Nothing may be awaited between this and storing it. */
  regard(message: Message): Regard;
  /** The message has been stored, and shown like this. */
  took(message: Message, shownAs: ChatMessage, regard: Regard): void;
  /** The notice has been shown. */
  noticed(notice: Notice, shown: ChatNotice): void;
  /** What the user looks at, null for nothing; resolves when that is on the disk as read. */
  focus(conversation: ConversationId | null): Promise<void>;
  /** The current conversation may be another one. Resolves as `focus`. */
  look(): Promise<void>;
  /** Whether the conversation is muted has changed. */
  muteChanged(conversation: ConversationId): void;
  setDnd(isOn: boolean): Promise<void>;
}

export function createAttention(parts: AttentionParts): Attention {
  const { history, conversations, people, tell } = parts;
  const mutes = createMutes(history, parts.clock, parts.kept.mutes);
  const unread = createUnread(history, parts.kept.readings);
  let { isDnd } = parts.kept;
  /** Undefined until a face has told: then what is current is shown. */
  let focused: ConversationId | null | undefined;

  const shown = (): ConversationId | null => (focused === undefined ? conversations.current() : focused);

  const circumstances = (): Circumstances => ({
    me: parts.identity()?.account ?? null,
    mutes: mutes.list(),
    isBlocked: parts.isBlocked,
    isDnd,
    shown: shown(),
    isWatched: focused !== undefined,
  });

  /** Also the name that others were told of last, which the session may learn a moment later. */
  function isMention({ text, spans }: Message): boolean {
    const identity = parts.identity();
    if (identity === null) return false;
    return mentionsOf(text, spans, [identity.username, people.nameOf(identity.account)]).length > 0;
  }

  function stateOf(conversation: ConversationId): ConversationState {
    const { unread: count, mentions, lastRead } = unread.of(conversation);
    return {
      id: conversation,
      label: conversations.labelOf(conversation),
      unread: count,
      mentions,
      muted: muteLevel(mutes.list(), conversation, []),
      lastRead: lastRead === null ? null : millisecondsOf(lastRead),
    };
  }

  const changed = (conversation: ConversationId): void => tell('unread', stateOf(conversation));

  async function look(): Promise<void> {
    const conversation = shown();
    if (conversation !== null && (await unread.read(conversation))) changed(conversation);
  }

  return {
    mutes,
    get isDnd() {
      return isDnd;
    },
    stateOf,
    regard: (message) => {
      const { conversation, account: author } = message;
      return regardMessage({ conversation, author, isMention: isMention(message) }, circumstances());
    },
    took(message, shownAs, { mark, worth }) {
      if (unread.note(message, mark)) changed(message.conversation);
      if (worth !== null) tell('notification', messageNotification(shownAs, worth));
    },
    noticed({ type, room, subject, by }, notice) {
      const conversation = room?.conversation ?? null;
      const happening = { type, conversation, subject: subject.account, by: by?.account ?? null };
      const worth = regardNotice(happening, circumstances());
      if (worth !== null) tell('notification', eventNotification(notice, worth));
    },
    focus(conversation) {
      focused = conversation;
      return look();
    },
    look,
    muteChanged: changed,
    async setDnd(isOn) {
      await history.setDnd(isOn);
      if (isDnd === isOn) return;
      isDnd = isOn;
      tell('dnd', { isOn });
    },
  };
}
