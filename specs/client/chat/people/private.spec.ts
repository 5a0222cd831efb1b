import test from 'ava';
import Libsql from 'libsql';
import { privateConversation } from '../../../../core/protocol/message/message.js';
import { until } from '../../../support/until.js';
import { meetStranger, messageOf } from '../support/stranger.js';
import { createWorld } from '../support/world.js';

test('private: given two users, when one starts a private conversation, then both can write in it', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('Bob');
  const started = await alice.chat.startPrivate('bOB');
  t.like(started, { status: 300, phrase: 'PRIVATE_SESSION_INITIATED', data: { conversation: '@Bob' } });
  t.is(alice.chat.current, '@Bob');
  await alice.chat.say(null, 'psst');
  t.like(await bob.hears('message', { from: 'alice' }), { conversation: '@alice', text: 'psst' });
  t.like(await bob.chat.say('@ALICE', 'yes?'), { status: 400 });
  await alice.hears('message', { conversation: '@Bob', text: 'yes?' });
});

test('private: given a user who is offline, when messages are written to them, then they wait and arrive in order after the return', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await bob.stop();
  t.like(await alice.chat.startPrivate('bob'), { status: 301, phrase: 'USERNAME_OFFLINE' });
  for (const line of ['one', 'two', 'three']) t.like(await alice.chat.say('@bob', line), { status: 400 });
  t.is(await alice.chat.drained(0), 3);
  const back = await world.restart(bob);
  await alice.chat.startPrivate('bob');
  await until(() => back.all('message').length === 3, 'bob has all three');
  t.deepEqual(
    back.all('message').map(({ text }) => text),
    ['one', 'two', 'three'],
  );
  t.is(await alice.chat.drained(5_000), 0);
});

test('private: given a crash with waiting messages, when the terminal restarts, then they are sent once each', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'before');
  await bob.hears('message', { text: 'before' });
  world.net.cut(alice.device, bob.device);
  await alice.chat.say('@bob', 'during');
  // The terminal is not stopped before the restart, as in a crash.
  const again = await world.restart(alice);
  t.deepEqual(again.chat.conversations, ['@bob']);
  world.net.heal(again.device, bob.device);
  await bob.hears('message', { text: 'during' });
  t.is(await again.chat.drained(5_000), 0);
  await again.chat.say('@bob', 'after');
  await bob.hears('message', { text: 'after' });
  t.deepEqual(
    bob.all('message').map(({ text }) => text),
    ['before', 'during', 'after'],
  );
});

test('private: given a receiver that crashes after storing a message, when the message is sent again, then it is answered and not shown twice', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  const send = world.net.end(bob.device).send.bind(world.net.end(bob.device));
  world.net.end(bob.device).send = () => 'taken';
  await alice.chat.say(null, 'only once');
  await bob.hears('message', { text: 'only once' });
  world.net.end(bob.device).send = send;
  const again = await world.restart(bob);
  t.is(await alice.chat.drained(5_000), 0);
  t.deepEqual(again.all('message'), []);
});

test('private: given the own, an unknown or an invalid name, then a private conversation is refused with a sentence', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  t.like(await alice.chat.startPrivate('ALICE'), { status: 301, phrase: 'INVALID_COMMAND' });
  t.like(await alice.chat.startPrivate('nobody'), { status: 301, phrase: 'USERNAME_NOT_FOUND' });
  const refused = await alice.chat.startPrivate('x');
  t.like(refused, { status: 301, phrase: 'INVALID_COMMAND' });
  alice.chat.noteOutcome(refused);
  t.is(alice.chat.current, null);
  t.deepEqual(alice.chat.conversations, []);
  t.like(await alice.chat.why(), {
    data: { event: 'INVALID_COMMAND', remedy: 'Use /help COMMAND to see its form.' },
  });
});

test('private: given a history that cannot be written when the first message arrives, when the message is sent again, then the conversation is there after a restart', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  const conversation = privateConversation(alice.session.account, bob.user.account);
  const other = new Libsql(alice.file);
  other.exec('BEGIN IMMEDIATE');
  t.like(await bob.say(messageOf(bob.user, { conversation })), { phrase: 'UNAVAILABLE' });
  other.exec('ROLLBACK');
  other.close();
  t.like(await bob.say(messageOf(bob.user, { conversation })), { phrase: 'MESSAGE_SENT' });
  await alice.stop();
  const again = await world.restart(alice);
  t.deepEqual(again.chat.conversations, ['@bob']);
});
