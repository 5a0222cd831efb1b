// Commands while the session is missing, connecting or lost.
import test from 'ava';
import { execute } from '../../../client/commands/execute.js';
import { parseLine } from '../../../client/commands/line.js';
import { FakeChat } from '../../support/fake-chat.js';
import { allOf } from './all-of.js';
import { until } from '../../support/until.js';

const type = async (chat: FakeChat, line: string) =>
  (await allOf(execute(chat, parseLine(line)))).map(({ outcome }) => outcome);

const needing = [
  '/logout',
  '/people',
  '/rooms',
  '/create den',
  '/join den',
  '/leave den',
  '/members den',
  '/msg carol',
  '/open #den',
  'hi',
];
const free = [
  '/register alice secret-words',
  '/login alice secret-words',
  '/unread',
  '/mute #lobby',
  '/unmute',
  '/mutes',
  '/dnd',
  '/links',
  '/why',
  '/help',
  '/quit',
];

for (const line of needing) {
  test(`execute: given nobody logged in, when ${line}, then the reply is 101 NOT_LOGGED_IN immediately`, async (t) => {
    const chat = FakeChat.guest();
    const [outcome] = await type(chat, line);
    t.like(outcome, { status: 101, phrase: 'NOT_LOGGED_IN' });
    t.deepEqual(chat.calls, []);
  });

  test(`execute: given a connecting session, when ${line}, then the command waits up to 10 s`, async (t) => {
    const chat = new FakeChat();
    chat.become('connecting', 'alice', 'starting');
    chat.current = null;
    const outcomes = type(chat, line);
    await until(() => chat.isAwaited, 'the session is waited for');
    t.deepEqual(chat.calls, [['whenOnline', 10_000]]);
    chat.current = '#lobby';
    await chat.change('online', 'alice');
    t.like((await outcomes)[0], { status: line === 'hi' ? 400 : 500 });
  });
}

test('execute: given no session in time, then 501 UNAVAILABLE with the reason', async (t) => {
  const chat = new FakeChat();
  chat.become('reconnecting', 'alice', 'the broker went away');
  const outcomes = type(chat, '/join den');
  await until(() => chat.isAwaited, 'the session is waited for');
  chat.giveUp();
  const [outcome] = await outcomes;
  t.like(outcome, { status: 501, phrase: 'UNAVAILABLE' });
  t.regex(outcome?.message ?? '', /the broker went away/);
  t.deepEqual(chat.calls, [['whenOnline', 10_000]]);
});

test('execute: given an online session that is not synchronised, then the command waits', async (t) => {
  const chat = new FakeChat();
  chat.hasCaughtUp = false;
  const outcomes = type(chat, '/members lobby');
  await until(() => chat.isAwaited, 'the session is waited for');
  t.deepEqual(chat.calls, [['whenOnline', 10_000]]);
  await chat.change('online', 'alice');
  await outcomes;
  t.deepEqual(chat.calls.at(-1), ['members', 'lobby']);
});

test('execute: given a connecting session, when it becomes a guest session, then the command stops waiting', async (t) => {
  const chat = FakeChat.guest();
  chat.become('connecting', null);
  const outcomes = type(chat, '/rooms');
  await until(() => chat.isAwaited, 'the session is waited for');
  await chat.change('guest', null);
  t.like((await outcomes)[0], { status: 101, phrase: 'NOT_LOGGED_IN' });
});

for (const line of free) {
  test(`execute: given nobody logged in, when ${line.split(' ')[0]}, then the command needs no session`, async (t) => {
    t.like((await type(FakeChat.guest(), line))[0], { status: 500 });
  });
}

test('execute: given a lost session and an open conversation, when a message is typed, then it enters the outbox immediately', async (t) => {
  const chat = new FakeChat();
  chat.become('reconnecting', 'alice');
  t.like((await type(chat, 'hi'))[0], { status: 400 });
  t.deepEqual(chat.calls, [['say', null, 'hi']]);
});
