import test from 'ava';
import {
  type Circumstances,
  type NoticeHappening,
  rateMessage,
  rateNotice,
} from '../../../../client/chat/notifications/policy.js';
import type { ReadMark, Mute, MuteLevel } from '../../../../client/history/reading/read-state.js';
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

/** `alert` is the kind of the notification, with `!` if it is loud. */
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
  ['an own message from another terminal', { ...mention, author: alice }, {}, 'none', null],
  ['an own message in the shown conversation', { ...hi, author: alice }, { shown: lobby }, 'read', null],
  ['a message in the shown conversation', hi, { shown: lobby }, 'read', 'message'],
  [
    'a mention in the shown conversation, which may be covered',
    mention,
    { shown: lobby },
    'read',
    'mention!',
  ],
  ['a mention in the focused conversation', mention, { shown: lobby, isWatched: true }, 'read', 'mention'],
  [
    'a private message in the focused conversation',
    psst,
    { shown: withBob, isWatched: true },
    'read',
    'private',
  ],
  [
    'a mention outside the focused conversation',
    mention,
    { shown: den, isWatched: true },
    'mention',
    'mention!',
  ],
  ['a mention under dnd', mention, { isDnd: true }, 'mention', 'mention'],
  ['a private message under dnd', psst, { isDnd: true }, 'unread', 'private'],
  ['a message in a muted room', hi, { mutes: [mute(lobby, 'all')] }, 'none', null],
  ['a mention in a muted room', mention, { mutes: [mute(lobby, 'all')] }, 'none', null],
  [
    'a message in a muted room that is shown',
    hi,
    { mutes: [mute(lobby, 'all')], shown: lobby },
    'read',
    null,
  ],
  ['a message in a room muted except for mentions', hi, { mutes: [mute(lobby, 'mentions')] }, 'none', null],
  [
    'a mention in a room muted except for mentions',
    mention,
    { mutes: [mute(lobby, 'mentions')] },
    'mention',
    'mention!',
  ],
  ['a message in another room than the muted one', hi, { mutes: [mute(den, 'all')] }, 'unread', 'message'],
  ['a message in a muted private conversation', psst, { mutes: [mute(withBob, 'all')] }, 'none', null],
  [
    'a message in a room from a person muted in private',
    hi,
    { mutes: [mute(withBob, 'all')] },
    'unread',
    'message',
  ],
  [
    'a private message from a person muted in a room',
    psst,
    { mutes: [mute(lobby, 'all', bob)] },
    'unread',
    'private!',
  ],
  [
    'a mention in a room by a person muted in it',
    mention,
    { mutes: [mute(lobby, 'all', bob)] },
    'none',
    null,
  ],
  [
    'a message in a room from another person than the muted one',
    hi,
    { mutes: [mute(lobby, 'all', carol)] },
    'unread',
    'message',
  ],
  [
    'a message from a person muted except for mentions',
    hi,
    { mutes: [mute(lobby, 'mentions', bob)] },
    'none',
    null,
  ],
  [
    'a mention by a person muted except for mentions',
    mention,
    { mutes: [mute(lobby, 'mentions', bob)] },
    'mention',
    'mention!',
  ],
  [
    'a mention by a muted person in a room muted except for mentions',
    mention,
    { mutes: [mute(lobby, 'mentions'), mute(lobby, 'all', bob)] },
    'none',
    null,
  ],
];

for (const [what, happening, circumstances, mark, alert] of messages) {
  test(`notification policy: ${what}: ${mark}, ${alert ?? 'no notification'}`, (t) => {
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
  ['another user joins', { ...ofCarol, type: 'MemberJoined' }, {}, 'event'],
  ['another user is promoted', { ...ofCarol, type: 'AdminPromoted', by: bob }, {}, 'event'],
  ['the user is promoted', { ...ofMe, type: 'AdminPromoted' }, {}, 'promotion!'],
  ['the user succeeds as admin', { ...ofMe, type: 'AdminSucceeded', by: null }, {}, 'promotion!'],
  ['the user is removed', { ...ofMe, type: 'MemberRemoved' }, {}, 'removal!'],
  ['the user is banned', { ...ofMe, type: 'MemberBanned' }, {}, 'ban!'],
  ['the user is invited', { ...ofMe, type: 'MemberInvited' }, {}, 'invitation!'],
  ['the user is unbanned', { ...ofMe, type: 'MemberUnbanned' }, {}, 'event'],
  ['the user is removed under dnd', { ...ofMe, type: 'MemberRemoved' }, { isDnd: true }, 'removal'],
  ['an own action', { ...ofCarol, type: 'MemberRemoved', by: alice }, {}, null],
  ['the own joining', { ...ofMe, type: 'MemberJoined', by: alice }, {}, null],
  ['an event in a muted room', { ...ofCarol, type: 'MemberJoined' }, { mutes: [mute(lobby, 'all')] }, null],
  [
    'a message in a room muted except for mentions',
    { ...ofCarol, type: 'MemberLeft' },
    { mutes: [mute(lobby, 'mentions')] },
    null,
  ],
  [
    'the user is removed from a muted room',
    { ...ofMe, type: 'MemberRemoved' },
    { mutes: [mute(lobby, 'all')] },
    null,
  ],
  [
    'an action of a muted person',
    { ...ofCarol, type: 'TopicChanged', by: bob },
    { mutes: [mute(lobby, 'all', bob)] },
    null,
  ],
  [
    'an event about a muted person',
    { ...ofCarol, type: 'AdminPromoted', by: bob },
    { mutes: [mute(lobby, 'all', carol)] },
    null,
  ],
  [
    'the user is removed by a muted person',
    { ...ofMe, type: 'MemberRemoved' },
    { mutes: [mute(lobby, 'all', bob)] },
    'removal!',
  ],
  [
    'an action of a blocked person',
    { ...ofCarol, type: 'TopicChanged', by: bob },
    { isBlocked: isBob },
    null,
  ],
  [
    'the user is removed by a blocked person',
    { ...ofMe, type: 'MemberRemoved' },
    { isBlocked: isBob },
    'removal!',
  ],
  ['the user is invited by a blocked person', { ...ofMe, type: 'MemberInvited' }, { isBlocked: isBob }, null],
  [
    'an event of the account',
    { type: 'DeviceRevoked', conversation: null, subject: alice, by: null },
    {},
    'event',
  ],
  ['an event of an unknown type', { ...ofMe, type: 'Constructor' }, {}, 'event'],
];

for (const [what, happening, circumstances, alert] of notices) {
  test(`notification policy: ${what}: ${alert ?? 'no notification'}`, (t) => {
    t.is(written(rateNotice(happening, { ...quiet, ...circumstances })), alert);
  });
}

function written(alert: { readonly kind: string; readonly isLoud: boolean } | null): string | null {
  return alert === null ? null : `${alert.kind}${alert.isLoud ? '!' : ''}`;
}
