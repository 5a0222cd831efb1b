import test from 'ava';
import { execute } from '../../../client/commands/execute.js';
import { parseLine } from '../../../client/commands/line.js';
import { commands } from '../../../client/commands/table.js';
import { answer, FakeChat, refusal } from '../../support/fake-chat.js';
import { allOf } from './all-of.js';
import { until } from '../../support/until.js';

const type = async (chat: FakeChat, line: string) =>
  (await allOf(execute(chat, parseLine(line)))).map(({ outcome }) => outcome);

const calls: readonly (readonly [line: string, call: readonly unknown[]])[] = [
  // Every blank after the first one belongs to the password, and no character of it is removed.
  ['/register alice correct horse  battery ', ['register', 'alice', 'correct horse  battery ']],
  ['/register @alice p4ss!wörd', ['register', 'alice', 'p4ss!wörd']],
  ['/login alice  secret-words', ['login', 'alice', ' secret-words']],
  ['  /login alice secret\u200dwords  ', ['login', 'alice', 'secret\u200dwords  ']],
  ['/logout', ['logout']],
  ['/rename Alicia', ['rename', 'Alicia']],
  ['/password old-one new-one', ['changePassword', 'old-one', 'new-one']],
  ['/password "old one" "new \\"one\\" \\\\"', ['changePassword', 'old one', 'new "one" \\']],
  ['/password a"b c\\d', ['changePassword', 'a"b', 'c\\d']],
  ['/devices', ['devices']],
  ['/devices revoke 2', ['revoke', '2']],
  ['/devices REVOKE  my old laptop ', ['revoke', 'my old laptop']],
  ['/people', ['people']],
  ['/block @bob', ['block', 'bob']],
  ['/unblock bob', ['unblock', 'bob']],
  ['/blocks', ['blocks']],
  ['/privacy', ['privacy', null]],
  ['/privacy Contacts', ['privacy', 'contacts']],
  ['/rooms ', ['rooms']],
  ['/create lobby', ['create', 'lobby', { isPrivate: false }]],
  ['/create #lobby', ['create', 'lobby', { isPrivate: false }]],
  ['/create den --private', ['create', 'den', { isPrivate: true }]],
  ['/create --private den', ['create', 'den', { isPrivate: true }]],
  ['/topic', ['topic']],
  ['/topic Tea  at five', ['setTopic', 'Tea  at five']],
  ['/topic --clear', ['setTopic', '']],
  // Arguments lose their unsafe characters before they are carried out or echoed.
  ['/topic evening \u202eaet', ['setTopic', 'evening aet']],
  ['/topic a\u2028b', ['setTopic', 'a b']],
  ['/ban bob be \u2066kind', ['moderate', { operation: 'BAN', username: 'bob', reason: 'be kind' }]],
  ['/join lob\u200bby', ['join', 'lobby']],
  ['/mute lob\u202eby', ['mute', { word: 'lobby' }, 'all', null]],
  ['/search te\u202ea', ['search', ['tea']]],
  ['/export te\u202ea.jsonl', ['export', null, 'tea.jsonl']],
  ['/export "my tea.jsonl"', ['export', null, 'my tea.jsonl']],
  ['/devices revoke lap\u202etop', ['revoke', 'laptop']],
  ['/invite @bob', ['moderate', { operation: 'INVITE', username: 'bob' }]],
  ['/remove bob', ['moderate', { operation: 'REMOVE', username: 'bob', reason: '' }]],
  ['/remove bob be kind ', ['moderate', { operation: 'REMOVE', username: 'bob', reason: 'be kind' }]],
  ['/ban bob spam', ['moderate', { operation: 'BAN', username: 'bob', reason: 'spam' }]],
  ['/unban bob', ['moderate', { operation: 'UNBAN', username: 'bob' }]],
  ['/promote bob', ['moderate', { operation: 'PROMOTE', username: 'bob' }]],
  ['/demote bob', ['moderate', { operation: 'DEMOTE', username: 'bob' }]],
  ['/successor bob', ['moderate', { operation: 'SUCCESSOR', username: 'bob' }]],
  ['/join\t#lobby', ['join', 'lobby']],
  ['/leave', ['leave', null]],
  ['/leave #den', ['leave', 'den']],
  ['/members', ['members', null]],
  ['/members den', ['members', 'den']],
  ['/log', ['log', null, null]],
  ['/log #den', ['log', 'den', null]],
  ['/log den 17', ['log', 'den', 17]],
  ['/msg @bob', ['startPrivate', 'bob', null]],
  ['/msg --tcp bob', ['startPrivate', 'bob', 'tcp']],
  ['/msg bob --tcp', ['startPrivate', 'bob', 'tcp']],
  ['/msg --relay bob', ['startPrivate', 'bob', 'relay']],
  ['/verify bob', ['safetyCodes', 'bob']],
  ['/verify @bob OK', ['verify', 'bob']],
  ['/link UDP', ['link', null, 'udp']],
  ['/link auto bob', ['link', '@bob', 'auto']],
  ['/link tcp #lobby', ['link', '#lobby', 'tcp']],
  ['/open #lobby', ['open', '#lobby']],
  ['/open #LOBBY', ['open', '#lobby']],
  ['/open lobby', ['open', '#lobby']],
  ['/open bob', ['open', '@bob']],
  ['/open @carol', ['open', '@carol']],
  ['/open @carol(formerly)', ['open', '@carol(formerly)']],
  ['/open @carol(formerly-2)', ['open', '@carol(formerly-2)']],
  ['/open #den', ['open', '#den']],
  ['/history', ['history', null, 20]],
  ['/history #lobby 50', ['history', '#lobby', 50]],
  ['/search train tickets', ['search', ['train', 'tickets']]],
  ['/export lobby of mine.jsonl', ['export', null, 'lobby of mine.jsonl']],
  ['/export @bob bob.jsonl', ['export', '@bob', 'bob.jsonl']],
  ['/unread', ['unread']],
  ['/mute', ['mute', null, 'all', null]],
  ['/mute #lobby', ['mute', { label: '#lobby' }, 'all', null]],
  ['/mute @bob mentions', ['mute', { label: '@bob' }, 'mentions', null]],
  ['/mute bob 30m', ['mute', { word: 'bob' }, 'all', 1_800_000]],
  ['/mute bob ALL 1d', ['mute', { word: 'bob' }, 'all', 86_400_000]],
  ['/mute mentions 2h', ['mute', null, 'mentions', 7_200_000]],
  ['/mute 45s', ['mute', null, 'all', 45_000]],
  ['/mute #all', ['mute', { label: '#all' }, 'all', null]],
  ['/mute 365d', ['mute', null, 'all', 31_536_000_000]],
  ['/unmute', ['unmute', null]],
  ['/unmute @bob', ['unmute', { label: '@bob' }]],
  ['/unmute bob', ['unmute', { word: 'bob' }]],
  ['/mutes', ['mutes']],
  ['/dnd', ['setDnd', true]],
  ['/dnd ON', ['setDnd', true]],
  ['/dnd off', ['setDnd', false]],
  ['/links', ['links']],
  ['/why', ['why']],
  ['hello **world**', ['say', null, 'hello **world**']],
  ['//slash', ['say', null, '/slash']],
  ['/me  waves **twice** ', ['say', null, 'waves **twice**', 'action']],
];

for (const [line, call] of calls) {
  test(`execute: given ${JSON.stringify(line)}, then the chat receives one call ${JSON.stringify(call)}`, async (t) => {
    const chat = new FakeChat();
    t.is((await type(chat, line)).length, 1);
    t.deepEqual(chat.calls, [call]);
    t.is(chat.activities, 1, 'somebody is there');
  });
}

test('execute: given /msg with a text, then the first reply is about the conversation and the second about the message', async (t) => {
  const chat = new FakeChat();
  const opened = { conversation: '@bob' } as const;
  chat.answers.startPrivate = answer(300, 'PRIVATE_SESSION_INITIATED', 'Introduced.', opened);
  const outcomes = await type(chat, '/msg Bob  see  you ');
  t.deepEqual(
    outcomes.map(({ status }) => status),
    [300, 400],
  );
  t.deepEqual(chat.calls, [
    ['startPrivate', 'Bob', null],
    ['say', '@bob', 'see  you'],
  ]);
});

test('execute: given /msg to somebody who is offline, then the message is kept anyway', async (t) => {
  const chat = new FakeChat();
  const offline = refusal(301, 'USERNAME_OFFLINE', 'Not online.');
  chat.answers.startPrivate = { ...offline, conversation: '@carol' };
  const outcomes = await type(chat, '/msg carol hi');
  t.deepEqual(
    outcomes.map(({ status, phrase }) => [status, phrase]),
    [
      [301, 'USERNAME_OFFLINE'],
      [400, 'MESSAGE_SENT'],
    ],
  );
  t.deepEqual(chat.calls.at(-1), ['say', '@carol', 'hi']);
});

const refusedStarts = [
  refusal(301, 'USERNAME_NOT_FOUND', 'Nobody has this username.'),
  refusal(301, 'USER_IS_BLOCKED', 'You have blocked this person.'),
  refusal(301, 'INVALID_COMMAND', 'You cannot write to yourself.'),
  refusal(501, 'INTERNAL', 'The answer cannot be used.'),
] as const;

for (const refused of refusedStarts) {
  test(`execute: given /msg with a text and the refusal ${refused.phrase}, then it is the only reply, and nothing is sent`, async (t) => {
    const chat = new FakeChat();
    chat.answers.startPrivate = refused;
    const outcomes = await type(chat, '/msg bob hi');
    t.is(outcomes.length, 1);
    t.like(outcomes[0], { status: refused.status, phrase: refused.phrase });
    t.is(outcomes[0]?.message, `${refused.message} Your message was not sent.`);
    t.deepEqual(chat.calls, [['startPrivate', 'bob', null]]);
  });
}

test('execute: given a lost session, when /msg names a known person, then the message is kept', async (t) => {
  const chat = new FakeChat();
  chat.become('reconnecting', 'alice', 'the broker went away');
  const outcomes = type(chat, '/msg bob hi');
  await until(() => chat.isAwaited, 'the session is waited for');
  chat.giveUp();
  t.deepEqual(
    (await outcomes).map(({ phrase }) => phrase),
    ['UNAVAILABLE', 'MESSAGE_SENT'],
  );
  t.deepEqual(chat.calls.slice(1), [
    ['open', '@bob'],
    ['say', '@bob', 'hi'],
  ]);
});

test('execute: given no open conversation, when a message is typed, then 401 says how to open one', async (t) => {
  const chat = new FakeChat();
  chat.current = null;
  const [outcome] = await type(chat, 'hi');
  t.like(outcome, { status: 401, phrase: 'INVALID_COMMAND' });
  t.regex(outcome?.message ?? '', /\/join ROOM/);
});

test('execute: given an open private conversation, when no room is named, then /leave and /members ask for one', async (t) => {
  const chat = new FakeChat();
  chat.current = '@bob';
  for (const line of ['/leave', '/members']) {
    const [outcome] = await type(chat, line);
    t.like(outcome, { status: 201, phrase: 'INVALID_COMMAND' });
    t.true(outcome?.message.includes(`${line} lobby`));
  }
  t.deepEqual(chat.calls, []);
});

test('execute: given a word that names no conversation, when it is opened, then the refusal says what to do', async (t) => {
  const [outcome] = await type(new FakeChat(), '/open den');
  t.like(outcome, { status: 501, phrase: 'INVALID_COMMAND' });
  t.regex(outcome?.message ?? '', /"den".*\/join ROOM.*\/msg USER/);
});

test('execute: given no open conversation, when /mute has no arguments, then all mutes are listed', async (t) => {
  const chat = new FakeChat();
  chat.current = null;
  await type(chat, '/mute');
  await type(chat, '/mute mentions');
  t.deepEqual(chat.calls, [['mutes'], ['mute', null, 'mentions', null]]);
});

test('execute: given /help, then every command is listed', async (t) => {
  const [outcome] = await type(new FakeChat(), '/help');
  t.like(outcome, {
    status: 500,
    data: { commands: commands.map(({ name, usage, summary }) => ({ name, usage, summary })) },
  });
});

test('execute: given /help with a command, with or without its slash, then the reply has its usage and example', async (t) => {
  for (const line of ['/help join', '/help /JOIN']) {
    const [outcome] = await type(new FakeChat(), line);
    t.is(outcome?.status, 500);
    t.is(outcome?.message, '/join ROOM: Join a room and open it. For example: /join lobby');
    t.like(outcome, { data: { name: 'join', usage: '/join ROOM', example: '/join lobby' } });
  }
});

test('execute: given /help with an unknown word, then the nearest command is suggested', async (t) => {
  const [outcome] = await type(new FakeChat(), '/help jion');
  t.like(outcome, { status: 501, phrase: 'INVALID_COMMAND' });
  t.regex(outcome?.message ?? '', /"\/jion".*\/join/);
});

test('execute: given a defect in the chat, then the reply is 501 INTERNAL', async (t) => {
  const chat = new FakeChat();
  chat.rooms = () => Promise.reject(new Error('out of range'));
  t.like((await type(chat, '/rooms'))[0], { status: 501, phrase: 'INTERNAL' });
});

test('execute: given any line, also an invalid one, then the chat receives the outcome so that /why can explain it', async (t) => {
  const chat = new FakeChat();
  await type(chat, '/frob');
  await type(chat, '/mutes');
  t.deepEqual(
    chat.noted.map(({ phrase }) => phrase),
    ['INVALID_COMMAND', 'DONE'],
  );
});

for (const line of ['/set', '/set mouse', '/set theme light']) {
  test(`execute: given ${line} in a face without options, then it is refused`, async (t) => {
    const [outcome] = await type(new FakeChat(), line);
    t.like(outcome, { isOk: false, status: 501, phrase: 'INVALID_COMMAND' });
    t.regex(outcome?.message ?? '', /^Only the dashboard has options that \/set can change\./);
  });
}
