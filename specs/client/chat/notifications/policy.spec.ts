import test from 'ava';
import {
  type Circumstances,
  type NoticeHappening,
  rateMessage,
  rateNotice,
} from '../../../../client/chat/notifications/policy.js';
import type { ReadMark, Mute, MuteLevel } from '../../../../client/history/port.js';
import { type AccountId, accountIdSchema, systemIds } from '../../../../core/ids.js';
import { conversationIdSchema, privateConversation } from '../../../../core/protocol/message/message.js';

const newAccount = (): AccountId => accountIdSchema.parse(systemIds.next());
const newRoom = () => conversationIdSchema.parse(`room-${systemIds.next()}`);
const [alice, bob, carol] = [newAccount(), newAccount(), newAccount()];
const [lobby, den] = [newRoom(), newRoom()];
const withBob = privateConversation(alice, bob);

const quiet: Circumstances = {
  me: alice,
  mutes: [],
  isBlocked: () => false,
  isDnd: false,
  shown: null,
  isWatched: false,
};
const isBob = (account: AccountId): boolean => account === bob;
const mute = (
  conversation: Mute['conversation'],
  level: MuteLevel,
  account: AccountId | null = null,
): Mute => ({
  conversation,
  account,
  level,
  until: null,
});

const hi = { conversation: lobby, author: bob, isMention: false };
const mention = { ...hi, isMention: true };
const psst = { ...hi, conversation: withBob };

/** `worth` as kind, with `!` if loud. */
const messages: readonly (readonly [
  what: string,
  happening: typeof hi,
  circumstances: Partial<Circumstances>,
  mark: ReadMark,
  alert: string | null,
])[] = [
  ['a message in a room', hi, {}, 'unread', 'message'],
  ['a message in private', psst, {}, 'unread', 'private!'],
  ['a mention', mention, {}, 'mention', 'mention!'],
  ['a mention in private', { ...psst, isMention: true }, {}, 'mention', 'mention!'],
  ["one's own from another terminal", { ...mention, author: alice }, {}, 'none', null],
  ["one's own where one looks", { ...hi, author: alice }, { shown: lobby }, 'read', null],
  ['a message in what is shown', hi, { shown: lobby }, 'read', 'message'],
  ['a mention in what is shown, perhaps under a window', mention, { shown: lobby }, 'read', 'mention!'],
  ['a mention in what is looked at', mention, { shown: lobby, isWatched: true }, 'read', 'mention'],
  ['in private where one looks', psst, { shown: withBob, isWatched: true }, 'read', 'private'],
  ['a mention elsewhere than one looks', mention, { shown: den, isWatched: true }, 'mention', 'mention!'],
  ['a mention under dnd', mention, { isDnd: true }, 'mention', 'mention'],
  ['in private under dnd', psst, { isDnd: true }, 'unread', 'private'],
  ['a message in a muted room', hi, { mutes: [mute(lobby, 'all')] }, 'none', null],
  ['a mention in a muted room', mention, { mutes: [mute(lobby, 'all')] }, 'none', null],
  ['in a muted room that is shown', hi, { mutes: [mute(lobby, 'all')], shown: lobby }, 'read', null],
  ['in a room muted but for mentions', hi, { mutes: [mute(lobby, 'mentions')] }, 'none', null],
  ['a mention in such a room', mention, { mutes: [mute(lobby, 'mentions')] }, 'mention', 'mention!'],
  ['in another room than the muted', hi, { mutes: [mute(den, 'all')] }, 'unread', 'message'],
  ['in private from somebody muted there', psst, { mutes: [mute(withBob, 'all')] }, 'none', null],
  ['in a room from somebody muted in private', hi, { mutes: [mute(withBob, 'all')] }, 'unread', 'message'],
  [
    'in private from somebody muted in a room',
    psst,
    { mutes: [mute(lobby, 'all', bob)] },
    'unread',
    'private!',
  ],
  ['in a room from somebody muted in it', mention, { mutes: [mute(lobby, 'all', bob)] }, 'none', null],
  ['in a room from another than the muted', hi, { mutes: [mute(lobby, 'all', carol)] }, 'unread', 'message'],
  ['from somebody muted but for mentions', hi, { mutes: [mute(lobby, 'mentions', bob)] }, 'none', null],
  ['a mention by such', mention, { mutes: [mute(lobby, 'mentions', bob)] }, 'mention', 'mention!'],
  [
    'a mention by somebody muted in a room muted but for mentions',
    mention,
    { mutes: [mute(lobby, 'mentions'), mute(lobby, 'all', bob)] },
    'none',
    null,
  ],
];

for (const [what, happening, circumstances, mark, alert] of messages) {
  test(`regard: ${what}: ${mark}, ${alert ?? 'no notification'}`, (t) => {
    const rating = rateMessage(happening, { ...quiet, ...circumstances });
    t.is(rating.mark, mark);
    t.is(written(rating.alert), alert);
  });
}

const ofMe = { conversation: lobby, subject: alice, by: bob };
const ofCarol = { conversation: lobby, subject: carol, by: carol };

const notices: readonly (readonly [
  what: string,
  happening: NoticeHappening,
  circumstances: Partial<Circumstances>,
  alert: string | null,
])[] = [
  ['somebody joins', { ...ofCarol, type: 'MemberJoined' }, {}, 'event'],
  ['somebody else is promoted', { ...ofCarol, type: 'AdminPromoted', by: bob }, {}, 'event'],
  ['one is promoted', { ...ofMe, type: 'AdminPromoted' }, {}, 'promotion!'],
  ['one succeeds', { ...ofMe, type: 'AdminSucceeded', by: null }, {}, 'promotion!'],
  ['one is removed', { ...ofMe, type: 'MemberRemoved' }, {}, 'removal!'],
  ['one is banned', { ...ofMe, type: 'MemberBanned' }, {}, 'ban!'],
  ['one is invited', { ...ofMe, type: 'MemberInvited' }, {}, 'invitation!'],
  ['one is unbanned', { ...ofMe, type: 'MemberUnbanned' }, {}, 'event'],
  ['one is removed under dnd', { ...ofMe, type: 'MemberRemoved' }, { isDnd: true }, 'removal'],
  ['what one did oneself', { ...ofCarol, type: 'MemberRemoved', by: alice }, {}, null],
  ["one's own joining", { ...ofMe, type: 'MemberJoined', by: alice }, {}, null],
  ['in a muted room', { ...ofCarol, type: 'MemberJoined' }, { mutes: [mute(lobby, 'all')] }, null],
  [
    'in a room muted but for mentions',
    { ...ofCarol, type: 'MemberLeft' },
    { mutes: [mute(lobby, 'mentions')] },
    null,
  ],
  [
    'one is removed from a muted room',
    { ...ofMe, type: 'MemberRemoved' },
    { mutes: [mute(lobby, 'all')] },
    null,
  ],
  [
    'by somebody muted',
    { ...ofCarol, type: 'TopicChanged', by: bob },
    { mutes: [mute(lobby, 'all', bob)] },
    null,
  ],
  [
    'about somebody muted',
    { ...ofCarol, type: 'AdminPromoted', by: bob },
    { mutes: [mute(lobby, 'all', carol)] },
    null,
  ],
  [
    'one is removed by somebody muted',
    { ...ofMe, type: 'MemberRemoved' },
    { mutes: [mute(lobby, 'all', bob)] },
    'removal!',
  ],
  ['by somebody blocked', { ...ofCarol, type: 'TopicChanged', by: bob }, { isBlocked: isBob }, null],
  [
    'one is removed by somebody blocked',
    { ...ofMe, type: 'MemberRemoved' },
    { isBlocked: isBob },
    'removal!',
  ],
  ['one is invited by somebody blocked', { ...ofMe, type: 'MemberInvited' }, { isBlocked: isBob }, null],
  ['of the account', { type: 'DeviceRevoked', conversation: null, subject: alice, by: null }, {}, 'event'],
  ['of a type not known here', { ...ofMe, type: 'Constructor' }, {}, 'event'],
];

for (const [what, happening, circumstances, alert] of notices) {
  test(`regard: ${what}: ${alert ?? 'no notification'}`, (t) => {
    t.is(written(rateNotice(happening, { ...quiet, ...circumstances })), alert);
  });
}

function written(alert: { readonly kind: string; readonly isLoud: boolean } | null): string | null {
  return alert === null ? null : `${alert.kind}${alert.isLoud ? '!' : ''}`;
}
