// The hop counts of bots' messages, as other terminals get them.
import test from 'ava';
import { hopsOf } from '../../../../core/protocol/message/hops.js';
import { until } from '../../../support/until.js';
import { inRoom, lobby } from '../support/lobby.js';
import { createWorld } from '../support/world.js';

test('hops: given a message with a count, then its readers see the count, live and in the history', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = await inRoom(world, 'alice', 'bob');
  if (alice === undefined || bob === undefined) return t.fail();
  await Promise.all([
    alice.chat.say('#lobby', 'from a person'),
    alice.chat.say('#lobby', 'from a bot', 'message', 2),
    alice.chat.say('#lobby', 'from a person again'),
  ]);
  t.is((await bob.hears('message', { text: 'from a bot' })).hops, 2);
  t.is((await bob.hears('message', { text: 'from a person again' })).hops, undefined);
  t.is((await bob.hears('message', { text: 'from a person' })).hops, undefined);
  const page = await bob.chat.history('#lobby', 10);
  return t.deepEqual(page.isOk && page.data.messages.map(({ text, hops }) => [text, hops]), [
    ['from a person', undefined],
    ['from a bot', 2],
    ['from a person again', undefined],
  ]);
});

test('hops: given a message that a third terminal passes on, then its count is still there', async (t) => {
  const world = await createWorld(t);
  const [alice, bob, carol] = await inRoom(world, 'alice', 'bob', 'carol');
  if (alice === undefined || bob === undefined || carol === undefined) return t.fail();
  world.net.cut(alice.device, carol.device);
  await alice.chat.say('#lobby', 'ping', 'message', 3);
  await bob.hears('message', { text: 'ping' });
  await alice.stop();
  return t.is((await carol.hears('message', { text: 'ping' })).hops, 3);
});

test('hops: given a message written before the tracker reported its time, then it is sent with its count', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = await inRoom(world, 'alice', 'bob');
  if (alice === undefined || bob === undefined) return t.fail();
  await alice.stop();
  world.tracker.isUp = false;
  const again = await world.restart(alice);
  await again.chat.say('#lobby', 'early', 'message', 1);
  const [unsigned] = await again.history.messagesBefore(await lobby(world), null, 1);
  t.is(unsigned?.proof, null);
  world.tracker.isUp = true;
  await again.session.become('reconnecting');
  await again.session.become('online');
  t.is((await bob.hears('message', { text: 'early' })).hops, 1);
  return until(async () => {
    const [sent] = await again.history.messagesBefore(await lobby(world), null, 1);
    return sent !== undefined && hopsOf(sent.proof) === 1;
  }, 'the stored message has its count');
});
