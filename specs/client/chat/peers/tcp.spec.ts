import test from 'ava';
import { QUEUE_PLACES, WINDOW } from '../../../../client/chat/messages/send-window.js';
import { until } from '../../../support/until.js';
import { createWorld } from '../support/world.js';

test('tcp: given links over TCP, then rooms and private conversations work, and a restart neither loses nor repeats a message', async (t) => {
  const world = await createWorld(t, 'tcp');
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', link: 'tcp', state: 'open' });
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
  await Promise.all(lines.map((line) => alice.chat.say(null, line)));
  t.is(await alice.chat.drained(10_000), 0);
  const texts = (told: typeof bob) => told.all('message').map(({ text }) => text);
  t.deepEqual(texts(bob), lines);

  await bob.stop();
  await alice.chat.say('#lobby', 'while you were out');
  await alice.chat.startPrivate('bob');
  await alice.chat.say('@bob', 'psst');
  t.is(await alice.chat.drained(0), 2);
  const back = await world.restart(bob);
  await until(() => texts(back).length === 2, 'bob has what he missed');
  t.deepEqual(texts(back), ['while you were out', 'psst']);
  t.is(await alice.chat.drained(10_000), 0);
  await back.chat.say('@alice', 'thanks');
  await alice.hears('message', { conversation: '@bob', text: 'thanks', link: 'tcp' });
});

test('tcp: given more messages at once than fit in memory, then all arrive once, in order', async (t) => {
  const world = await createWorld(t, 'tcp');
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', link: 'tcp', state: 'open' });
  const lines = Array.from({ length: WINDOW + QUEUE_PLACES + 200 }, (_, index) => `line ${index}`);
  await Promise.all(lines.map((line) => alice.chat.say(null, line)));
  t.is(await alice.chat.drained(30_000), 0);
  await until(() => bob.all('message').length >= lines.length, 'bob is shown all');
  t.deepEqual(
    bob.all('message').map(({ text }) => text),
    lines,
  );
});
