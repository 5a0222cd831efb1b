import test from 'ava';
import { dataOf } from '../../../support/outcome.js';
import { until } from '../../../support/until.js';
import { createWorld } from '../support/world.js';

test('rooms: given a room, when another user joins, then messages arrive and the author sees the delivery', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const created = await alice.chat.create('Lobby');
  t.like(created, { status: 200, phrase: 'CREATION_S', data: { conversation: '#Lobby' } });
  t.is(alice.chat.current, '#Lobby');

  const bob = await world.terminal('bob');
  t.like(await bob.chat.join('#lobby'), { status: 200, phrase: 'JOIN_S', data: { conversation: '#Lobby' } });
  await alice.hears('link', { peer: 'bob', state: 'open' });

  const said = await alice.chat.say(null, 'hello **world**');
  t.like(said, { status: 400, phrase: 'MESSAGE_SENT' });
  const heard = await bob.hears('message', { from: 'alice' });
  t.like(heard, { conversation: '#Lobby', text: 'hello world', link: 'tcp' });
  t.deepEqual(heard.spans, [{ style: 'BOLD', start: 6, end: 11 }]);
  t.deepEqual(dataOf(said), { id: heard.id });
  await alice.hears('delivery', { id: heard.id, state: 'delivered', acked: 1, of: 1 });
  t.deepEqual(
    alice.all('delivery').map(({ state, acked, of }) => [state, acked, of]),
    [
      ['queued', 0, 1],
      ['sent', 0, 1],
      ['delivered', 1, 1],
    ],
  );
  t.like(alice.all('said')[0], { conversation: '#Lobby', from: 'alice', text: 'hello world', link: null });
});

test('rooms: given a creator and a joiner, then each of them sees every notice once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined', username: 'bob' });
  await bob.hears('notice', { type: 'MemberJoined', username: 'bob' });
  await alice.chat.leave(null);
  await bob.hears('notice', { type: 'AdminSucceeded', username: 'bob' });
  await alice.hears('notice', { type: 'MemberLeft', username: 'alice' });
  const types = (told: typeof alice) => told.all('notice').map(({ type, username }) => `${type} ${username}`);
  t.deepEqual(types(alice), ['RoomCreated alice', 'MemberJoined bob', 'MemberLeft alice']);
  t.deepEqual(types(bob), ['MemberJoined bob', 'MemberLeft alice', 'AdminSucceeded bob']);
  t.is(alice.chat.current, null);
  t.deepEqual(alice.chat.conversations, []);
  t.like(await bob.chat.why(), {
    status: 500,
    data: { event: 'AdminSucceeded', reason: 'bob leads #lobby now. Reason: the last admin left.' },
  });
});

test('rooms: given a room with one member, when the member says something, then it counts as delivered to zero of zero', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.chat.say('#LOBBY', 'anybody?');
  await alice.hears('delivery', { state: 'delivered', acked: 0, of: 0 });
  t.is(await alice.chat.drained(1_000), 0);
});

test('rooms: given a room of three, when one link is down, then the message is delivered to one of two', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  const carol = await world.terminal('carol');
  await carol.chat.join('lobby');
  await alice.hears('link', { peer: 'carol', state: 'open' });
  await alice.hears('link', { peer: 'bob', state: 'open' });
  world.net.cut(alice.device, carol.device);
  await alice.hears('link', { peer: 'carol', state: 'closed' });
  await alice.chat.say(null, 'hi');
  await alice.hears('delivery', { state: 'sent', acked: 1, of: 2 });
  t.is(await alice.chat.drained(0), 1);
  world.net.heal(alice.device, carol.device);
  await alice.hears('delivery', { state: 'delivered', acked: 2, of: 2 });
  t.is(await alice.chat.drained(5_000), 0);
});

test('rooms: given a message that waits for a member, when the member leaves the room, then it no longer waits', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  world.net.cut(alice.device, bob.device);
  await alice.chat.say(null, 'too late');
  await bob.chat.leave('lobby');
  await alice.hears('delivery', { state: 'delivered', acked: 0, of: 0 });
  t.is(await alice.chat.drained(5_000), 0);
  await until(() => world.net.end(alice.device).list().length === 0, 'the link closes');
});

test('rooms: given many lines in a burst, then they arrive in order, once each', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`);
  await Promise.all(lines.map((line) => alice.chat.say(null, line)));
  t.is(await alice.chat.drained(60_000), 0);
  t.deepEqual(
    bob.all('message').map(({ text }) => text),
    lines,
  );
});

test('rooms: given two terminals of one account, when one sends a message, then the other shows it and the delivery does not count it', async (t) => {
  const world = await createWorld(t);
  const one = await world.terminal('alice');
  await one.chat.create('lobby');
  const other = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await one.hears('link', { peer: 'alice', state: 'open' });
  await one.hears('link', { peer: 'bob', state: 'open' });
  await one.chat.say(null, 'from here');
  await other.hears('message', { conversation: '#lobby', from: 'alice', text: 'from here' });
  await one.hears('delivery', { state: 'delivered', acked: 1, of: 1 });
  await one.chat.startPrivate('bob');
  await one.chat.say('@bob', 'psst');
  await other.hears('message', { conversation: '@bob', from: 'alice', text: 'psst' });
  t.true(other.chat.conversations.includes('@bob'));
});

test('rooms: given a room joined at another terminal of the account, then it is open at this one too', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const one = await world.terminal('bob');
  const other = await world.terminal('bob');
  await one.chat.join('lobby');
  await until(() => other.chat.conversations.includes('#lobby'), 'the room is open at the other terminal');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await until(() => world.net.end(alice.device).list().length === 2, 'alice is linked to both');
  await alice.chat.say(null, 'to both');
  await one.hears('message', { text: 'to both' });
  await other.hears('message', { text: 'to both' });
});
