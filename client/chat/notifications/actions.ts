// What a user can do about being told of things: mute, unmute, be left in peace, and see what is unread.
import type { Clock } from '../../../core/time/clock.js';
import { exactDuration } from '../../../core/time/duration.js';
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, privateConversation } from '../../../core/protocol/message/message.js';
import { foldName } from '../../../core/protocol/names.js';
import type { Mute, MuteLevel } from '../../history/port.js';
import type { Notifications } from './notifications.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel, Outcome } from '../events.js';
import { outcome } from '../outcome.js';
import type { People } from '../people/people.js';
import type { MuteTarget } from '../port.js';
import type { Rooms } from '../rooms/rooms.js';

export interface AttentionActionsParts {
  readonly notifications: Notifications;
  readonly conversations: Conversations;
  readonly rooms: Rooms;
  readonly people: People;
  readonly clock: Clock;
  readonly me: () => AccountId | null;
}

export interface AttentionActions {
  mute(target: MuteTarget, level: MuteLevel, durationMs: number | null): Promise<Outcome>;
  unmute(target: MuteTarget): Promise<Outcome>;
  mutes(): Outcome;
  unread(): Outcome;
  setDnd(isOn: boolean): Promise<Outcome>;
  focus(label: ConversationLabel | null): Promise<Outcome>;
}

type Scope = Pick<Mute, 'conversation' | 'account'>;
type Resolution = { readonly scope: Scope } | { readonly refusal: Outcome };

export function createAttentionActions(parts: AttentionActionsParts): AttentionActions {
  const { notifications, conversations, rooms, people } = parts;
  const { mutes } = notifications;

  /** Also one that is muted and not open any more. */
  function named(label: ConversationLabel): ConversationId | undefined {
    const isSo = (one: ConversationId): boolean => foldName(conversations.labelOf(one)) === foldName(label);
    return conversations.find(label) ?? mutes.list().find((mute) => isSo(mute.conversation))?.conversation;
  }

  /** A private conversation may be muted before anything was said in it. */
  function privateWith(username: string, me: AccountId): ConversationId | undefined {
    const account = people.find(username);
    return account === undefined || account === me ? undefined : privateConversation(me, account);
  }

  /** The account of somebody who is or was in the room. */
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
    if (label.startsWith('#')) return refusal(`You are not in a room ${label}. See /rooms.`);
    return refusal(`There is nobody called ${name} known here whom you could mute. See /people.`);
  }

  function ofWord(word: string, me: AccountId): Resolution {
    const current = conversations.current();
    const account = current === null ? undefined : within(current, word);
    if (current !== null && account === me) return refusal('You cannot mute yourself.');
    if (current !== null && account !== undefined) return { scope: { conversation: current, account } };
    const conversation = named(`#${word}`) ?? named(`@${word}`);
    if (conversation !== undefined) return { scope: { conversation, account: null } };
    return refusal(
      `There is neither a member nor a conversation called ${word} here. Write #${word} for a room or @${word} for a person in private.`,
    );
  }

  function resolve(target: MuteTarget): Resolution {
    const me = parts.me();
    if (me === null) return { refusal: outcome(1, 'NOT_LOGGED_IN') };
    if (target !== null) return 'label' in target ? ofLabel(target.label, me) : ofWord(target.word, me);
    const conversation = conversations.current();
    if (conversation !== null) return { scope: { conversation, account: null } };
    return refusal('No conversation is open. Name one: #room or @user.');
  }

  function shown({ conversation, account }: Scope): {
    readonly label: ConversationLabel;
    user: string | null;
  } {
    return {
      label: conversations.labelOf(conversation),
      user: account === null ? null : people.nameOf(account),
    };
  }

  function nameOf(scope: Scope): string {
    const { label, user } = shown(scope);
    return user === null ? label : `${user} in ${label}`;
  }

  function entry(mute: Mute) {
    const { label, user } = shown(mute);
    const until = mute.until === null ? null : new Date(mute.until).toISOString();
    return { conversation: label, user, level: mute.level, until };
  }

  return {
    async mute(target, level, durationMs) {
      const resolved = resolve(target);
      if ('refusal' in resolved) return resolved.refusal;
      const until = durationMs === null ? null : parts.clock.now() + durationMs;
      const mute = { ...resolved.scope, level, until };
      await mutes.mute(mute);
      if (mute.account === null) notifications.muteChanged(mute.conversation);
      const howLong = durationMs === null ? 'until you unmute it' : `for ${exactDuration(durationMs)}`;
      const what = level === 'all' ? 'nothing notifies' : 'only mentions of you notify';
      const message = `${nameOf(mute)} is muted ${howLong}: ${what}. All of it is still stored and shown.`;
      return outcome(5, 'DONE', { message, data: entry(mute) });
    },
    async unmute(target) {
      const resolved = resolve(target);
      if ('refusal' in resolved) return resolved.refusal;
      const { conversation, account } = resolved.scope;
      const wasMuted = await mutes.unmute(conversation, account);
      if (wasMuted && account === null) notifications.muteChanged(conversation);
      const { label, user } = shown(resolved.scope);
      const message = `${nameOf(resolved.scope)} ${wasMuted ? 'is not muted any more' : 'was not muted'}.`;
      return outcome(5, 'DONE', { message, data: { conversation: label, user } });
    },
    mutes() {
      const entries = mutes.list().map(entry);
      const message = entries.length === 0 ? 'Nothing is muted.' : `Muted: ${entries.length}.`;
      return outcome(5, 'DONE', { message, data: { mutes: entries } });
    },
    unread() {
      const states = conversations.list().map((one) => notifications.stateOf(one));
      const total = states.reduce((sum, { unread }) => sum + unread, 0);
      const message = total === 0 ? 'Nothing is unread.' : `Unread messages: ${total}.`;
      const listed = states.map(({ label, unread, mentions, muted, lastRead }) => {
        const at = lastRead === null ? null : new Date(lastRead).toISOString();
        return { conversation: label, unread, mentions, muted, lastRead: at };
      });
      return outcome(5, 'DONE', { message, data: { conversations: listed } });
    },
    async setDnd(isOn) {
      await notifications.setDnd(isOn);
      const message = isOn
        ? 'Do not disturb is on: no bell and no desktop notification until /dnd off. Messages come and count as ever.'
        : 'Do not disturb is off.';
      return outcome(5, 'DONE', { message, data: { dnd: isOn } });
    },
    async focus(label) {
      const conversation = label === null ? null : conversations.find(label);
      if (conversation === undefined) {
        return outcome(5, 'INVALID_COMMAND', { message: `There is no conversation ${label} here.` });
      }
      await notifications.focus(conversation);
      return outcome(5, 'DONE');
    },
  };
}

function refusal(message: string): { readonly refusal: Outcome } {
  return { refusal: outcome(5, 'INVALID_COMMAND', { message }) };
}
