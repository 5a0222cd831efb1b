import test from 'ava';
import type { Notice } from '../../../../core/protocol/signed/statements.js';
import { createWorld, type Terminal, type World } from '../support/world.js';

const NAME_HOLD_MS = 31 * 24 * 3_600_000;

const renamings = (terminal: Terminal) =>
  terminal
    .all('notice')
    .filter(({ type }) => type === 'UsernameChanged')
    .map(({ formerly, username }) => `${formerly} is ${username}`);

const rename = async (world: World, username: string, next: string) =>
  (await world.user(username)).rename(next);

test('renaming: given a private conversation and a room, when the other user is renamed, then both show the new name at once', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'psst');
  await bob.hears('message', { text: 'psst' });
  await rename(world, 'bob', 'robert');
  const notice = await alice.hears('notice', { type: 'UsernameChanged' });
  t.like(notice, { conversation: null, username: 'robert', formerly: 'bob', by: 'robert' });
  t.is(alice.chat.current, '@robert');
  t.deepEqual(alice.chat.conversations, ['#lobby', '@robert']);
  await alice.chat.say('@ROBERT', 'still you?');
  await bob.hears('message', { text: 'still you?', conversation: '@alice' });
  await bob.hears('notice', { type: 'UsernameChanged' });
  t.is(bob.chat.username, 'robert');
  await bob.chat.say('#lobby', 'it is me');
  await alice.hears('message', { text: 'it is me', from: 'robert' });
  t.deepEqual(renamings(alice), ['bob is robert']);
  t.deepEqual(renamings(bob), ['bob is robert']);
});

test('renaming: given a user with whom nothing is shared, when they are renamed, then no notice is shown', async (t) => {
  const world = await createWorld(t);
  const [alice] = [await world.terminal('alice'), await world.terminal('zoe')];
  await rename(world, 'zoe', 'zora');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  t.deepEqual(renamings(alice), []);
});

test('renaming: given a notice of an older name that arrives late, then the newer name stays', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  const seen: Notice[] = [];
  world.tracker.letsPass = (notice, to) => {
    if (to === alice.device) seen.push(notice);
    return true;
  };
  await rename(world, 'bob', 'robert');
  await rename(world, 'robert', 'rob');
  await alice.hears('notice', { username: 'rob' });
  const first = seen.find(({ subject }) => subject.username === 'robert');
  const older: Notice = first ?? t.fail();
  alice.session.push('notice', world.tracker.sign('notice', older));
  await alice.chat.startPrivate('rob');
  await (await world.user('carol')).join('lobby');
  await alice.hears('notice', { type: 'MemberJoined', username: 'carol' });
  t.deepEqual(renamings(alice), ['bob is robert', 'robert is rob']);
  t.is(alice.chat.current, '@rob');
});

test('renaming: given a terminal that was offline, when it is online again, then the rosters give it the new name', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined' });
  await alice.session.become('reconnecting');
  await bob.stop();
  await rename(world, 'bob', 'robert');
  await alice.session.become('online');
  const notice = await alice.hears('notice', { type: 'UsernameChanged' });
  t.like(notice, { username: 'robert', formerly: 'bob' });
});

test('renaming: given an unsigned name, when its owner was renamed before the introduction, then the link opens', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await bob.stop();
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'for later');
  await rename(world, 'bob', 'robert');
  const back = await world.restart(bob);
  await alice.session.become('online');
  await back.hears('message', { text: 'for later' });
  t.is(alice.chat.current, '@robert');
});

test('renaming: given a name that another user took while the terminal was offline, then both conversations have their own labels until the new name is known', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = [await world.terminal('alice'), await world.terminal('bob')];
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'to the first');
  await bob.hears('message', { text: 'to the first' });
  await alice.session.become('reconnecting');
  await bob.stop();
  await rename(world, 'bob', 'robert');
  // The tracker reserves a former name for 30 days.
  world.tracker.clock.advance(NAME_HOLD_MS);
  const other = await world.terminal('bobby');
  await rename(world, 'bobby', 'Bob');
  await alice.session.become('online');
  t.deepEqual(alice.chat.conversations, ['@bob']);

  await alice.chat.startPrivate('bob');
  t.is(alice.chat.current, '@Bob');
  t.deepEqual(alice.chat.conversations, ['@bob(formerly)', '@Bob']);
  await alice.chat.say('@bob', 'to the second');
  await other.hears('message', { text: 'to the second' });
  t.like(await alice.chat.open('@BOB(formerly)'), { status: 500, data: { conversation: '@bob(formerly)' } });
  await alice.chat.say(null, 'to the first again');
  const back = await world.restart(bob);
  await alice.chat.startPrivate('robert');
  await back.hears('message', { text: 'to the first again' });
  t.is(alice.chat.current, '@robert');
  t.deepEqual(alice.chat.conversations, ['@robert', '@Bob']);
});
