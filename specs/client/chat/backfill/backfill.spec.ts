import test from 'ava';
import { type Given, readPassed, writePassed } from '../../../../core/protocol/backfill/backfill.js';
import type { Message } from '../../../../core/protocol/message/message.js';
import type { Json } from '../../../../core/json.js';
import { until } from '../../../support/until.js';
import { enrolmentOf } from '../support/enrolment.js';
import { linkAs } from '../support/member.js';
import { allLinked, has, inRoom, lobby, saysMany, textsOf } from '../support/lobby.js';
import { createWorld, type Terminal, type World } from '../support/world.js';

test('backfill: given a member who missed 1,000 messages whose authors are offline, then it fetches all of them in the same order', async (t) => {
  const world = await createWorld(t);
  const [alice, bob, carol, dave] = await inRoom(world, 'alice', 'bob', 'carol', 'dave');
  if (alice === undefined || bob === undefined || carol === undefined || dave === undefined) return t.fail();
  const conversation = await lobby(world);
  await dave.stop();
  await Promise.all([saysMany(alice, 500), saysMany(bob, 500)]);
  await has(carol, conversation, 1_000);
  await Promise.all([alice.stop(), bob.stop()]);
  const start = performance.now();
  const back = await world.restart(dave);
  await has(back, conversation, 1_000);
  t.log(`1,000 messages in ${Math.round(performance.now() - start)} ms`);
  const texts = await textsOf(carol, conversation);
  t.deepEqual(await textsOf(back, conversation), texts);
  await until(() => back.all('message').length >= 1_000, 'all are shown');
  t.deepEqual(
    back.all('message').map(({ text }) => text),
    texts,
    'the messages are shown in order, once each',
  );
});

const forge = (message: Message): Message =>
  message.seq === 2 ? { ...message, text: 'I owe carol 100' } : message;

test('backfill: given a forged message among genuine ones, then it is refused, its source is named, and the others are stored', async (t) => {
  const world = await createWorld(t);
  const [alice, carol, dave] = await inRoom(world, 'alice', 'carol', 'dave');
  if (alice === undefined || carol === undefined || dave === undefined) return t.fail();
  const conversation = await lobby(world);
  await dave.stop();
  await saysMany(alice, 3);
  await has(carol, conversation, 3);
  const stored = await carol.history.relayableMessages(
    conversation,
    [{ device: alice.device, ranges: [[1, 3]] }],
    { fromRoster: 0, account: null },
    10,
  );
  await Promise.all([alice.stop(), carol.stop()]);
  const mallory = await linkAs(world, 'carol', dave);
  mallory.onHistory = (operation) => {
    if (operation.operation === 'HAVE') return null;
    const messages = stored.flatMap(({ message, proof }) =>
      proof === null ? [] : [writePassed(forge(message), proof)],
    );
    const enrolments = [enrolmentOf(world.tracker.key, alice.session)];
    return { messages, enrolments } satisfies Given;
  };
  const back = await world.restart(dave);
  await mallory.meet(back);
  mallory.send({ operation: 'HAVE', conversation, devices: [`${alice.device} 1-3`] });
  const told = await until(
    () => back.all('warning').find(({ type }) => type === 'Forgery'),
    'the forgery is reported',
  );
  t.like(told, { peer: 'carol' });
  t.regex(told.message, /passed on a forged message: alice did not sign it/);
  await has(back, conversation, 2);
  t.deepEqual(await textsOf(back, conversation), ['alice 0', 'alice 2']);
  t.regex((await back.chat.why()).message, /forged/);
});

test('backfill: given a new member, then nobody gives it messages from before it joined', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = await inRoom(world, 'alice', 'bob');
  if (alice === undefined || bob === undefined) return t.fail();
  const conversation = await lobby(world);
  await saysMany(alice, 3);
  await has(bob, conversation, 3);
  const carol = await world.terminal('carol');
  await carol.chat.join('lobby');
  await allLinked(world, [alice, bob, carol]);
  await bob.chat.say('#lobby', 'welcome');
  await has(carol, conversation, 1);
  const asked = await askAs(world, 'carol', bob, {
    operation: 'GIVE',
    conversation,
    devices: [`${alice.device} 1-3`, `${bob.device} 1-3`],
  });
  t.deepEqual(asked, ['welcome']);
  t.deepEqual(await textsOf(carol, conversation), ['welcome']);
});

test('backfill: given a removed member, then no messages are given to it or accepted from it', async (t) => {
  const world = await createWorld(t);
  const [alice, bob, mallory] = await inRoom(world, 'alice', 'bob', 'mallory');
  if (alice === undefined || bob === undefined || mallory === undefined) return t.fail();
  const conversation = await lobby(world);
  await saysMany(alice, 2);
  await has(bob, conversation, 2);
  t.like(await alice.chat.moderate({ operation: 'REMOVE', username: 'mallory', reason: '' }), {
    status: 200,
  });
  await bob.hears('notice', { type: 'MemberRemoved' });
  await bob.chat.startPrivate('mallory');
  const request = { operation: 'GIVE', conversation, devices: [`${alice.device} 1-2`] } as const;
  t.is(await askAs(world, 'mallory', bob, request), 'NOT_A_RECIPIENT');
  const have = { operation: 'HAVE', conversation, devices: [`${alice.device} 3-9`] } as const;
  t.is(await askAs(world, 'mallory', bob, have), 'NOT_A_RECIPIENT');
});

test('backfill: given another terminal of the same account, then it receives the whole history, private messages included', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = await inRoom(world, 'alice', 'bob');
  if (alice === undefined || bob === undefined) return t.fail();
  await alice.chat.startPrivate('bob');
  await alice.chat.say('@bob', 'between us');
  await bob.hears('message', { text: 'between us' });
  await bob.chat.say('@alice', 'and me');
  await alice.hears('message', { text: 'and me' });
  await bob.stop();
  const other = await world.terminal('alice');
  await other.hears('message', { text: 'between us', conversation: '@bob', from: 'alice' });
  await other.hears('message', { text: 'and me', from: 'bob' });
});

test('backfill: given a blocked user, then others relay none of their messages, not even from a new terminal', async (t) => {
  const world = await createWorld(t);
  const [alice, bob, carol, dave] = await inRoom(world, 'alice', 'bob', 'carol', 'dave');
  if (alice === undefined || bob === undefined || carol === undefined || dave === undefined) return t.fail();
  const conversation = await lobby(world);
  await alice.chat.block('bob');
  await alice.hears('link', { peer: 'bob', state: 'closed' });
  await alice.stop();
  const phone = await world.terminal('bob');
  await bob.chat.say('#lobby', 'from my desk');
  await phone.chat.say('#lobby', 'from my phone');
  await dave.chat.say('#lobby', 'about tea');
  await has(carol, conversation, 3);
  await Promise.all([bob.stop(), phone.stop(), dave.stop()]);
  const back = await world.restart(alice);
  await back.hears('message', { text: 'about tea', from: 'dave' });
  t.deepEqual(await textsOf(back, conversation), ['about tea']);
  t.is(back.all('message').length, 1);
  await back.chat.unblock('bob');
  await world.restart(bob);
  await back.hears('message', { text: 'from my desk' });
});

test('backfill: given a message withdrawn by a block, then it is not given later', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.chat.say('@bob', 'hello');
  await bob.hears('message', { text: 'hello' });
  await bob.stop();
  await alice.chat.say('@bob', 'never mind');
  await alice.chat.block('bob');
  t.is(await alice.chat.drained(5_000), 0);
  await alice.chat.unblock('bob');
  const back = await world.restart(bob);
  await alice.chat.say('@bob', 'hello again');
  await back.hears('message', { text: 'hello again' });
  const [conversation] = (await back.history.knownState()).privates;
  if (conversation === undefined) return t.fail();
  const request = { operation: 'GIVE', conversation, devices: [`${alice.device} 1-3`] } as const;
  t.deepEqual(await askAs(world, 'bob', alice, request), ['hello', 'hello again']);
});

/**
 * Asks a terminal as the user `username`. Resolves with the texts of the messages it gives, oldest first, or with the phrase of
 * its refusal.
 */
async function askAs(
  world: World,
  username: string,
  terminal: Terminal,
  data: Json,
): Promise<readonly string[] | string> {
  const one = await linkAs(world, username, terminal);
  await one.meet(terminal);
  const response = await one.ask(data);
  if (response.status !== 400) return response.phrase;
  const { messages } = response.data as Given;
  return messages.map((text) => readPassed(text)?.message.text ?? '').toReversed();
}
