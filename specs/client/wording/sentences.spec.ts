import test from 'ava';
import type { ChatNotice } from '../../../client/chat/events.js';
import { noticeSentence, sessionSentence } from '../../../client/wording/sentences.js';

const NOON = Date.UTC(2026, 10, 22, 12, 1);

/**
 * Three sentences for each notice: about somebody else, about the user, and about an action of the user. `-` for a case that
 * cannot occur.
 */
const sentences: readonly (readonly [
  about: Partial<ChatNotice> & { readonly type: string },
  others: string,
  mine: string,
  done: string,
])[] = [
  [
    { type: 'RoomCreated', by: null },
    'carol created the room and leads it',
    'you created the room and lead it',
    '-',
  ],
  [{ type: 'MemberJoined', by: null }, 'carol joined', 'you joined', '-'],
  [{ type: 'MemberLeft', by: null }, 'carol left', 'you left', '-'],
  [
    { type: 'MemberRemoved', reason: 'spam' },
    'carol was removed by bob (spam)',
    'you were removed by bob (spam)',
    'carol was removed by you (spam)',
  ],
  [{ type: 'MemberBanned' }, 'carol was banned by bob', 'you were banned by bob', 'carol was banned by you'],
  [{ type: 'MemberUnbanned' }, "bob lifted carol's ban", 'bob lifted your ban', "you lifted carol's ban"],
  [{ type: 'MemberInvited' }, 'bob invited carol', 'bob invited you', 'you invited carol'],
  [{ type: 'AdminPromoted' }, 'bob made carol admin', 'bob made you admin', 'you made carol admin'],
  [
    { type: 'AdminDemoted' },
    'bob made carol an ordinary member',
    'bob made you an ordinary member',
    'you made carol an ordinary member',
  ],
  [
    { type: 'AdminSucceeded', by: null, reason: 'the last admin left' },
    'carol leads now (the last admin left)',
    'you lead now (the last admin left)',
    '-',
  ],
  [
    { type: 'SuccessorNamed' },
    'bob named carol as the next admin',
    'bob named you as the next admin',
    'you named carol as the next admin',
  ],
  [{ type: 'TopicChanged', topic: 'Tea' }, 'bob set the topic: Tea', '-', 'you set the topic: Tea'],
  [{ type: 'TopicChanged', topic: '' }, 'bob cleared the topic', '-', 'you cleared the topic'],
  [
    { type: 'RoomUnattended', by: null, deadline: NOON },
    'all admins are away; from 2026-11-22 12:01 the longest-standing online member also leads',
    '-',
    '-',
  ],
  [{ type: 'RoomAttended', by: null }, 'carol is back and leads', 'you are back and lead', '-'],
  [{ type: 'RoomClosed', by: null }, 'the room is closed: its last member has left', '-', '-'],
  [
    { type: 'UsernameChanged', by: null, formerly: 'caroline' },
    'caroline is now carol (formerly caroline)',
    'you are now alice (formerly caroline)',
    '-',
  ],
  [
    { type: 'DeviceEnrolled', by: null },
    "a terminal logged in to carol's account",
    'a terminal logged in to your account',
    '-',
  ],
  [
    { type: 'DeviceRevoked', by: null },
    "a terminal of carol's account was logged out",
    'a terminal of your account was logged out',
    '-',
  ],
  [{ type: 'AccountDisabled', by: null }, "carol's account is disabled", 'your account is disabled', '-'],
  [
    { type: 'RoomPainted' },
    'RoomPainted: carol by bob',
    'RoomPainted: you by bob',
    'RoomPainted: carol by you',
  ],
];

for (const [about, others, mine, done] of sentences) {
  test(`sentences: given ${JSON.stringify(about)}, then it is "${others}", about the user "${mine}", by the user "${done}"`, (t) => {
    const notice: ChatNotice = {
      conversation: '#lobby',
      username: 'carol',
      by: 'bob',
      reason: null,
      at: NOON,
      ...about,
    };
    t.is(noticeSentence(notice, 'alice'), `#lobby ${others}`);
    if (mine !== '-') t.is(noticeSentence({ ...notice, username: 'alice' }, 'Alice'), `#lobby ${mine}`);
    if (done !== '-') t.is(noticeSentence({ ...notice, by: 'alice' }, 'alice'), `#lobby ${done}`);
  });
}

const byOperator: readonly (readonly [Partial<ChatNotice> & { readonly type: string }, string, string])[] = [
  [
    { type: 'MemberRemoved', reason: 'spam' },
    'carol was removed by the operator (spam)',
    'you were removed by the operator (spam)',
  ],
  [{ type: 'MemberBanned' }, 'carol was banned by the operator', 'you were banned by the operator'],
  [{ type: 'MemberUnbanned' }, "the operator lifted carol's ban", 'the operator lifted your ban'],
  [{ type: 'AdminPromoted' }, 'the operator made carol admin', 'the operator made you admin'],
  [
    { type: 'AdminDemoted' },
    'the operator made carol an ordinary member',
    'the operator made you an ordinary member',
  ],
  [
    { type: 'RoomClosed', reason: 'off topic' },
    'the operator closed the room (off topic)',
    'the operator closed the room (off topic)',
  ],
  [
    { type: 'UsernameChanged', formerly: 'caroline', reason: 'rude' },
    'the operator renamed caroline to carol (rude)',
    'the operator renamed you to alice (rude)',
  ],
  [
    { type: 'DeviceRevoked', reason: 'lost' },
    "a terminal of carol's account was logged out by the operator (lost)",
    'a terminal of your account was logged out by the operator (lost)',
  ],
  [
    { type: 'AccountDisabled', reason: 'spam' },
    "the operator disabled carol's account (spam)",
    'the operator disabled your account (spam)',
  ],
];

for (const [about, others, mine] of byOperator) {
  test(`sentences: given ${JSON.stringify(about)} by the operator, then it is "${others}", and about the user "${mine}"`, (t) => {
    const notice: ChatNotice = {
      conversation: '#lobby',
      username: 'carol',
      by: null,
      isByOperator: true,
      reason: null,
      at: NOON,
      ...about,
    };
    t.is(noticeSentence(notice, 'alice'), `#lobby ${others}`);
    t.is(noticeSentence({ ...notice, username: 'alice' }, 'Alice'), `#lobby ${mine}`);
  });
}

test('sentences: a notice without another actor has its own sentence', (t) => {
  const notice = { conversation: null, username: 'carol', by: 'carol', reason: null, at: NOON };
  t.is(noticeSentence({ ...notice, type: 'AdminDemoted' }, 'alice'), 'carol stepped down');
  t.is(noticeSentence({ ...notice, type: 'AdminDemoted' }, 'carol'), 'you stepped down');
  t.is(noticeSentence({ ...notice, type: 'AdminDemoted', by: null }, 'carol'), 'you are no longer an admin');
  t.is(noticeSentence({ ...notice, type: 'AdminPromoted', by: null }, null), 'carol was made admin');
  t.is(noticeSentence({ ...notice, type: 'MemberUnbanned', by: null }, null), 'carol is no longer banned');
  t.is(noticeSentence({ ...notice, type: 'TopicChanged', topic: 'Tea' }, 'carol'), 'you set the topic: Tea');
});

test('sentences: each session state has a short sentence', (t) => {
  t.is(sessionSentence({ state: 'online', reason: 'signed in' }, 'alice'), 'online as alice');
  t.is(sessionSentence({ state: 'connecting', reason: 'Connecting to here.' }, null), 'Connecting to here.');
  t.is(sessionSentence({ state: 'connecting', reason: 'Logged out.' }, null), 'connecting: Logged out.');
  t.regex(sessionSentence({ state: 'guest', reason: '' }, null), /\/register NAME PASSWORD.*\/help/);
});
