import test, { type ExecutionContext } from 'ava';
import { writeFrame } from '../../../../client/chat/peers/wire.js';
import { commandIdSchema, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { makeRequest, type Response } from '../../../../core/protocol/envelope.js';
import { until } from '../../../support/until.js';
import { answerTo, meetStranger, type Stranger } from '../support/stranger.js';
import { createWorld } from '../support/world.js';

const heardOf = (terminal: { all(name: 'presence'): readonly { state: string }[] }) =>
  terminal.all('presence').map(({ state }) => state);

/** Sends a `People` request over the link and gives the answer. */
function tellOf(peer: Stranger, data: Json): Promise<Response> {
  const id = commandIdSchema.parse(systemIds.next());
  peer.send(writeFrame(makeRequest({ id, title: 'People', data })));
  return answerTo(peer.frames, id);
}

async function linked(t: ExecutionContext) {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await bob.hears('link', { peer: 'alice', state: 'open' });
  await alice.hears('link', { peer: 'bob', state: 'open' });
  return { world, alice, bob };
}

test('peer presence: given two linked users, when one sets do not disturb, then the other sees it at once without a request', async (t) => {
  const { world, alice, bob } = await linked(t);
  const asked = world.tracker.asked.length;
  await alice.chat.setDnd(true);
  await bob.hears('presence', { username: 'alice', state: 'dnd' });
  await alice.chat.setDnd(true);
  await alice.chat.setDnd(false);
  await bob.hears('presence', { username: 'alice', state: 'online' });
  t.deepEqual(heardOf(bob), ['dnd', 'online'], 'an unchanged state is not shown');
  const questions = world.tracker.asked.slice(asked).filter(({ by }) => by === bob.device);
  t.deepEqual(questions, []);
});

test('peer presence: given a user with do not disturb, when a link opens later, then the peer sees it, and an older terminal stays linked', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.setDnd(true);
  const bob = await world.terminal('bob');
  await bob.chat.startPrivate('alice');
  await bob.hears('presence', { username: 'alice', state: 'dnd' });
  const old = await meetStranger(world, alice, 'carol');
  await alice.chat.startPrivate('carol');
  await alice.chat.say(null, 'are you there?');
  await until(() => old.frames.some(({ kind }) => kind === 'request'), 'the message');
  t.deepEqual(heardOf(alice), []);
});

test('peer presence: given a link that was cut, when it is restored, then a change during the cut is shown and nothing is shown twice', async (t) => {
  const { world, alice, bob } = await linked(t);
  await alice.chat.setDnd(true);
  await bob.hears('presence', { username: 'alice', state: 'dnd' });
  const open = () => bob.all('link').filter(({ state }) => state === 'open').length;
  const cutAnd = async (meanwhile: () => Promise<unknown>) => {
    const before = open();
    world.net.cut(alice.device, bob.device);
    await alice.hears('link', { peer: 'bob', state: 'closed' });
    await meanwhile();
    world.net.heal(alice.device, bob.device);
    await until(() => open() > before, 'the link again');
  };
  await cutAnd(() => Promise.resolve());
  await alice.chat.say(null, 'still here');
  await bob.hears('message', { text: 'still here' });
  t.deepEqual(heardOf(bob), ['dnd']);
  await cutAnd(() => alice.chat.setDnd(false));
  await bob.hears('presence', { username: 'alice', state: 'online' });
  t.deepEqual(heardOf(bob), ['dnd', 'online']);
});

test('peer presence: given a terminal that restarts, then its earlier state no longer holds', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await bob.chat.startPrivate('alice');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await bob.chat.setDnd(true);
  await alice.hears('presence', { username: 'bob', state: 'dnd' });
  await bob.stop();
  await world.restart(bob);
  await until(() => heardOf(alice).length === 3, 'the state after the restart');
  t.deepEqual(heardOf(alice), ['dnd', 'online', 'dnd']);
});

test('peer presence: given a peer that repeats its state, then the state is shown once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = await meetStranger(world, alice, 'mallory');
  for (const state of ['online', 'away', 'away', 'away', 'dnd']) {
    t.like(await tellOf(mallory, { operation: 'STATE', state }), { phrase: 'STATE_NOTED' });
  }
  t.deepEqual(heardOf(alice), ['away', 'dnd']);
});

test('peer presence: given several terminals of a user, then do not disturb at one of them counts for all', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const laptop = await world.terminal('bob');
  const phone = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  for (const one of [laptop, phone]) await one.hears('link', { peer: 'alice', state: 'open' });
  await until(
    () => alice.all('link').filter(({ peer, state }) => peer === 'bob' && state === 'open').length === 2,
    'both links',
  );
  await laptop.chat.setDnd(true);
  await alice.hears('presence', { username: 'bob', state: 'dnd' });
  await phone.chat.setDnd(true);
  await phone.chat.setDnd(false);
  await until(() => heardOf(alice).length === 3, 'the third state');
  t.deepEqual(heardOf(alice), ['dnd', 'dnd', 'dnd']);
});

test('peer presence: given malformed states, then they are refused and nothing is shown', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = await meetStranger(world, alice, 'mallory');
  for (const data of [null, [], {}, { operation: 'LIST' }, { operation: 'STATE', state: 'asleep' }]) {
    t.like(await tellOf(mallory, data), { status: 301, phrase: 'INVALID_COMMAND' });
  }
  t.deepEqual(heardOf(alice), []);
  t.like(await tellOf(mallory, { operation: 'STATE', state: 'away' }), {
    status: 300,
    phrase: 'STATE_NOTED',
  });
  t.deepEqual(heardOf(alice), ['away']);
});
