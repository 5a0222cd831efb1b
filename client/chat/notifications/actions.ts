// The actions on notifications: mute and unmute, do not disturb, focus, and the unread counts.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../core/time/clock.js';
import { exactDuration } from '../../../core/time/duration.js';
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, privateConversation } from '../../../core/protocol/message/message.js';
import { foldName } from '../../../core/protocol/names.js';
import type { Mute } from '../../history/reading/read-state.js';
import type { Notifications } from './notifications.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel } from '../events.js';
import { type Refusal, refusal, success } from '../outcome.js';
import type { People } from '../people/people.js';
import type { ChatActions, MuteTarget } from '../port.js';
import type { ListedMute, MutedScope } from '../results.js';
import type { Rooms } from '../rooms/rooms.js';

export interface AttentionActionsParts {
  readonly notifications: Notifications;
  readonly conversations: Conversations;
  readonly rooms: Rooms;
  readonly people: People;
  readonly clock: Clock;
  readonly me: () => AccountId | null;
}

export type AttentionActions = Pick<ChatActions, 'mute' | 'unmute' | 'mutes' | 'unread' | 'focus'>;

type Scope = Pick<Mute, 'conversation' | 'account'>;
type Resolution = { readonly scope: Scope } | { readonly refusal: Refusal };

export function createAttentionActions(parts: AttentionActionsParts): AttentionActions {
  const { notifications, conversations, rooms, people } = parts;
  const { mutes } = notifications;

  /** A conversation of this terminal, or one that is muted but no longer open. */
  function named(label: ConversationLabel): ConversationId | undefined {
    const isSo = (one: ConversationId): boolean => foldName(conversations.labelOf(one)) === foldName(label);
    return conversations.find(label) ?? mutes.list().find((mute) => isSo(mute.conversation))?.conversation;
  }

  /** A private conversation can be muted before its first message. */
  function privateWith(username: string, me: AccountId): ConversationId | undefined {
    const account = people.find(username);
    return account === undefined || account === me ? undefined : privateConversation(me, account);
  }

  /** The account of a present or former member of the room, or of a person muted in it. */
  function within(room: ConversationId, username: string): AccountId | undefined {
    const account = people.find(username);
    const isThere =
      rooms.get(room)?.memberships.some((stay) => stay.account === account) === true ||
      mutes.list().some((mute) => mute.conversation === room && mute.account === account);
    return isThere ? account : undefined;
  }

  function ofLabel(label: ConversationLabel, me: AccountId): Resolution {
    const name = label.slice(1);
    const conversation = named(label) ?? (label.startsWith('@') ? privateWith(name, me) : undefined);
    if (conversation !== undefined) return { scope: { conversation, account: null } };
    if (label.startsWith('#')) return unresolved(`You are not a member of ${label}. /rooms lists the rooms.`);
    return unresolved(`This terminal does not know a person named ${name}. /people lists who is online.`);
  }

  function ofWord(word: string, me: AccountId): Resolution {
    const current = conversations.current();
    const account = current === null ? undefined : within(current, word);
    if (current !== null && account === me) return unresolved('You cannot mute yourself.');
    if (current !== null && account !== undefined) return { scope: { conversation: current, account } };
    const conversation = named(`#${word}`) ?? named(`@${word}`);
    if (conversation !== undefined) return { scope: { conversation, account: null } };
    return unresolved(
      `Neither a member of the open room nor a conversation is named ${word}. /unread lists the conversations.`,
    );
  }

  function resolve(target: MuteTarget): Resolution {
    const me = parts.me();
    if (me === null) return { refusal: refusal(1, 'NOT_LOGGED_IN') };
    if (target !== null) return 'label' in target ? ofLabel(target.label, me) : ofWord(target.word, me);
    const conversation = conversations.current();
    if (conversation !== null) return { scope: { conversation, account: null } };
    return unresolved('No conversation is open. Name one: #room or @user.');
  }

  function mutedScope({ conversation, account }: Scope): MutedScope {
    return {
      conversation: conversations.labelOf(conversation),
      username: account === null ? null : people.nameOf(account),
    };
  }

  function nameOf(scope: Scope): string {
    const { conversation, username } = mutedScope(scope);
    return username === null ? conversation : `${username} in ${conversation}`;
  }

  function listedMute(mute: Mute): ListedMute {
    return { ...mutedScope(mute), level: mute.level, until: mute.until };
  }

  return {
    async mute(target, level, durationMs) {
      const resolved = resolve(target);
      if ('refusal' in resolved) return resolved.refusal;
      const until = durationMs === null ? null : parts.clock.now() + durationMs;
      const mute = { ...resolved.scope, level, until };
      const isSame = mutes.list().some((one) => isDeepStrictEqual(one, mute));
      if (!isSame) await mutes.mute(mute);
      if (!isSame && mute.account === null) notifications.muteChanged(mute.conversation);
      const howLong = durationMs === null ? 'until you unmute it' : `for ${exactDuration(durationMs)}`;
      const what = level === 'all' ? 'no notifications' : 'notifications only for mentions of you';
      const message = `${nameOf(mute)} is muted ${howLong}: ${what}. Messages are still stored and shown.`;
      return success(5, 'DONE', listedMute(mute), message);
    },
    async unmute(target) {
      const resolved = resolve(target);
      if ('refusal' in resolved) return resolved.refusal;
      const { conversation, account } = resolved.scope;
      const name = nameOf(resolved.scope);
      if (!(await mutes.unmute(conversation, account))) {
        return refusal(5, 'NOT_MUTED', `${name} is not muted. /mutes lists all mutes.`);
      }
      if (account === null) notifications.muteChanged(conversation);
      const message = `${name} is no longer muted.`;
      return success(5, 'DONE', mutedScope(resolved.scope), message);
    },
    async mutes() {
      const listed = mutes.list().map(listedMute);
      const message = listed.length === 0 ? 'Nothing is muted.' : `Muted: ${listed.length}.`;
      return success(5, 'DONE', { mutes: listed }, message);
    },
    async unread() {
      const states = conversations.list().map((one) => notifications.stateOf(one));
      const total = states.reduce((sum, { unread }) => sum + unread, 0);
      const message = total === 0 ? 'Nothing is unread.' : `Unread messages: ${total}.`;
      return success(5, 'DONE', { conversations: states }, message);
    },
    async focus(label) {
      const conversation = label === null ? null : conversations.find(label);
      if (conversation === undefined) {
        return refusal(5, 'INVALID_COMMAND', `There is no conversation ${label} here.`);
      }
      await notifications.focus(conversation);
      return success(5, 'DONE', null);
    },
  };
}

function unresolved(message: string): { readonly refusal: Refusal } {
  return { refusal: refusal(5, 'INVALID_COMMAND', message) };
}
