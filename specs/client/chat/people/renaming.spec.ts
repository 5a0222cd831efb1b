import test from 'ava';
import { createWorld, type Terminal } from '../support/world.js';

const renamings = (terminal: Terminal) =>
  terminal
    .all('notice')
    .filter(({ type }) => type === 'UsernameChanged')
    .map(({ formerly, username }) => `${formerly} is ${username}`);

test('renaming: given a private conversation and a room, when the other is renamed, then both go by the new name at once', async (t) => {
  const world = createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'psst');
  await bob.hears('message', { text: 'psst' });
  world.tracker.rename(world.tracker.person('bob'), 'robert');
  const notice = await alice.hears('notice', { type: 'UsernameChanged' });
  t.like(notice, { conversation: null, username: 'robert', formerly: 'bob', by: 'robert' });
  t.is(alice.chat.current, '@robert');
  t.deepEqual(alice.chat.conversations, ['#lobby', '@robert']);
  await alice.chat.say('@ROBERT', 'still you?');
  await bob.hears('message', { text: 'still you?', conversation: '@alice' });
  t.is(bob.chat.username, 'robert');
  await bob.chat.say('#lobby', 'it is me');
  await alice.hears('message', { text: 'it is me', from: 'robert' });
  t.deepEqual(renamings(alice), ['bob is robert']);
  t.deepEqual(renamings(bob), ['bob is robert']);
});

test('renaming: given somebody with whom nothing is shared, when they are renamed, then nothing is told', async (t) => {
  const world = createWorld(t);
  const [alice] = [await world.terminal('alice'), await world.terminal('zoe')];
  world.tracker.rename(world.tracker.person('zoe'), 'zora');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  t.deepEqual(renamings(alice), []);
});

test('renaming: given a notice of an older name that comes late or again, then the newer name stays', async (t) => {
  const world = createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  const first = world.tracker.rename(world.tracker.person('bob'), 'robert');
  world.tracker.rename(world.tracker.person('robert'), 'rob');
  await alice.hears('notice', { username: 'rob' });
  alice.session.onNotice(world.tracker.sign('notice', first));
  await alice.chat.startPrivate('rob');
  t.deepEqual(renamings(alice), ['bob is robert', 'robert is rob']);
  t.is(alice.chat.current, '@rob');
});

test('renaming: given a terminal that was away, when it is back, then the rosters tell it the new name', async (t) => {
  const world = createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined' });
  await alice.session.become('reconnecting');
  await bob.stop();
  world.tracker.rename(world.tracker.person('bob'), 'robert');
  await alice.session.become('online');
  await alice.hears('notice', { type: 'UsernameChanged', username: 'robert', formerly: 'bob' });
});

test('renaming: given a name heard unsigned, when its owner was renamed before the introduction, then the link is made all the same', async (t) => {
  const world = createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await bob.stop();
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'for later');
  world.tracker.rename(world.tracker.person('bob'), 'robert');
  const back = await world.restart({ ...bob, username: 'robert' });
  await alice.session.become('online');
  await back.hears('message', { text: 'for later' });
  t.is(alice.chat.current, '@robert');
});

test('renaming: given a name that another has taken while one was away, then both conversations have labels of their own, until the new name is known', async (t) => {
  const world = createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'to the first');
  await bob.hears('message', { text: 'to the first' });
  const former = world.tracker.person('bob');
  await alice.session.become('reconnecting');
  await bob.stop();
  world.tracker.rename(former, 'robert');
  const other = await world.terminal('bobby');
  world.tracker.rename(world.tracker.person('bobby'), 'Bob');
  await alice.session.become('online');
  t.deepEqual(alice.chat.conversations, ['@bob']);

  await alice.chat.startPrivate('bob');
  t.is(alice.chat.current, '@Bob');
  t.deepEqual(alice.chat.conversations, ['@bob(formerly)', '@Bob']);
  await alice.chat.say('@bob', 'to the second');
  await other.hears('message', { text: 'to the second' });
  t.like(await alice.chat.open('@BOB(formerly)'), { status: 500, data: { conversation: '@bob(formerly)' } });
  await alice.chat.say(null, 'to the first again');
  const back = await world.restart({ ...bob, username: 'robert' });
  await alice.chat.startPrivate('robert');
  await back.hears('message', { text: 'to the first again' });
  t.is(alice.chat.current, '@robert');
  t.deepEqual(alice.chat.conversations, ['@robert', '@Bob']);
});
