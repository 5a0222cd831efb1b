// Notifications of one terminal: which conversation is shown, what is unread and muted, and which messages and notices are
// announced to the user. The policy decides how loudly.
import type { AccountId } from '../../../core/ids.js';
import { millisecondsOf } from '../../../core/protocol/message/hlc.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import type { Notice } from '../../../core/protocol/signed/statements.js';
import type { Clock } from '../../../core/time/clock.js';
import type { History } from '../../history/port.js';
import type { NotificationState } from '../../history/reading/read-state.js';
import type { Conversations } from '../conversations.js';
import type { ChatMessage, ChatNotice, ConversationState, Tell } from '../events.js';
import type { Blocks } from '../people/blocks.js';
import type { People } from '../people/people.js';
import { mentionsOf } from './mentions.js';
import { createMutes, type Mutes, muteLevel } from './mutes.js';
import { eventNotification, messageNotification } from './notification.js';
import { type Circumstances, type MessageRating, rateMessage, rateNotice } from './policy.js';
import { createUnread } from './unread.js';

export interface NotificationsParts {
  readonly history: Pick<History, 'events' | 'mute' | 'unmute' | 'markRead' | 'setDnd' | 'forgetUnreadOf'>;
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly people: Pick<People, 'nameOf'>;
  readonly identity: () => { readonly account: AccountId; readonly username: string } | null;
  /** The read states and mutes from the history. */
  readonly kept: NotificationState;
  readonly blocks: Pick<Blocks, 'has' | 'events'>;
  readonly tell: Tell;
}

export interface Notifications {
  readonly mutes: Mutes;
  readonly isDnd: boolean;
  stateOf(conversation: ConversationId): ConversationState;
  /** Rates a message that is about to be stored. Store the message without awaiting anything in between. */
  rate(message: Message): MessageRating;
  /** Notes that the message was stored with this rating and shown in this form. */
  messageShown(message: Message, shown: ChatMessage, rating: MessageRating): void;
  /** Notes that the notice was shown in this form. */
  noticeShown(notice: Notice, shown: ChatNotice): void;
  /**
   * Sets the conversation that the user looks at, null for no conversation. Resolves when its messages are marked as read on the
   * disk.
   */
  focus(conversation: ConversationId | null): Promise<void>;
  /** Reports that the conversation was muted or unmuted. */
  muteChanged(conversation: ConversationId): void;
  setDnd(isOn: boolean): Promise<void>;
}

export function createNotifications(parts: NotificationsParts): Notifications {
  const { history, conversations, people, blocks, tell } = parts;
  const mutes = createMutes(history, parts.clock, parts.kept.mutes);
  const unread = createUnread(history, parts.kept.readStates);
  let { isDnd } = parts.kept;
  /** Undefined until a face sets it. Until then the current conversation counts as shown. */
  let focused: ConversationId | null | undefined;

  const shown = (): ConversationId | null => (focused === undefined ? conversations.current() : focused);

  const circumstances = (): Circumstances => ({
    me: parts.identity()?.account ?? null,
    mutes: mutes.list(),
    isBlocked: (account) => blocks.has(account),
    isDnd,
    shown: shown(),
    isWatched: focused !== undefined,
  });

  /**
   * Tests the session's name and the latest known name: after a renaming, others may use the new name before the session has it.
   */
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
      // A read message that is dated in the future must not make later messages count as read.
      lastRead: lastRead === null ? null : Math.min(millisecondsOf(lastRead), parts.clock.now()),
    };
  }

  const changed = (conversation: ConversationId): void => tell('unread', stateOf(conversation));

  async function markShownAsRead(): Promise<void> {
    const conversation = shown();
    if (conversation !== null && (await unread.read(conversation))) changed(conversation);
  }

  conversations.events.on('current', markShownAsRead);
  history.events.on('unreadLost', (losses) => {
    for (const loss of losses) {
      unread.subtract(loss);
      changed(loss.conversation);
    }
  });
  // The messages that a blocked person wrote before the block no longer ask for attention.
  blocks.events.on('changed', async ({ blocked }) => {
    for (const account of blocked) await history.forgetUnreadOf(account);
  });

  return {
    mutes,
    get isDnd() {
      return isDnd;
    },
    stateOf,
    rate(message) {
      const { conversation, account: author } = message;
      return rateMessage({ conversation, author, isMention: isMention(message) }, circumstances());
    },
    messageShown(message, shownAs, { mark, alert }) {
      if (unread.note(message, mark)) changed(message.conversation);
      if (alert !== null) tell('notification', messageNotification(shownAs, alert));
    },
    noticeShown({ type, room, subject, by }, notice) {
      const conversation = room?.conversation ?? null;
      const happening = { type, conversation, subject: subject.account, by: by?.account ?? null };
      const alert = rateNotice(happening, circumstances());
      if (alert !== null) tell('notification', eventNotification(notice, alert));
    },
    focus(conversation) {
      focused = conversation;
      return markShownAsRead();
    },
    muteChanged: changed,
    async setDnd(isOn) {
      await history.setDnd(isOn);
      if (isDnd === isOn) return;
      isDnd = isOn;
      tell('dnd', { isOn });
    },
  };
}
