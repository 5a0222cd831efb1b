import test from 'ava';
import type { DeviceId } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Notice } from '../../../../core/protocol/signed/statements.js';
import { until } from '../../../support/until.js';
import { createWorld, newDevice, type Terminal } from '../support/world.js';

const noticesOf = (terminal: Terminal): string[] =>
  terminal.all('notice').map(({ type, username }) => `${type} ${username}`);

test('news: given notices that are lost, when the next one comes, then they are fetched and told in order', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const room = world.tracker.room('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  world.tracker.letsPass = ({ version }) => version === 4;
  for (const name of ['bob', 'carol', 'dave']) world.tracker.join(room, world.tracker.person(name));
  await alice.hears('notice', { username: 'dave' });
  t.deepEqual(noticesOf(alice), [
    'RoomCreated alice',
    'MemberJoined bob',
    'MemberJoined carol',
    'MemberJoined dave',
  ]);
});

test('news: given notices out of order and twice, then each is told once, in order', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const room = world.tracker.room('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  const held: Notice[] = [];
  world.tracker.letsPass = (notice) => {
    held.push(notice);
    return false;
  };
  for (const name of ['bob', 'carol', 'dave']) world.tracker.join(room, world.tracker.person(name));
  for (const notice of [...held.toReversed(), ...held])
    alice.session.onNotice(world.tracker.sign('notice', notice));
  await alice.hears('notice', { username: 'dave' });
  world.tracker.letsPass = () => true;
  world.tracker.leave(room, world.tracker.person('carol'));
  await alice.hears('notice', { type: 'MemberLeft' });
  t.deepEqual(noticesOf(alice), [
    'RoomCreated alice',
    'MemberJoined bob',
    'MemberJoined carol',
    'MemberJoined dave',
    'MemberLeft carol',
  ]);
});

test('news: given a gap while the tracker cannot be asked, then what was missed is told once it can, in order', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const room = world.tracker.room('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  world.tracker.isUp = false;
  world.tracker.letsPass = ({ version }) => version === 3;
  for (const name of ['bob', 'carol']) world.tracker.join(room, world.tracker.person(name));
  await until(
    () => world.tracker.asked.filter(({ title }) => title === 'Sync').length > 1,
    'the tracker is asked',
  );
  t.deepEqual(noticesOf(alice), ['RoomCreated alice']);
  world.tracker.isUp = true;
  await alice.session.become('online');
  await alice.hears('notice', { username: 'carol' });
  t.deepEqual(noticesOf(alice), ['RoomCreated alice', 'MemberJoined bob', 'MemberJoined carol']);
});

test('news: given a notice with a bad signature, or of another account, then nothing is told', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  const [first] = world.tracker.room('lobby').notices;
  t.truthy(first);
  const next = { ...first?.notice, version: 2, type: 'RoomClosed' } as Notice;
  alice.session.onNotice(signStatement(generateSigningKey(), 'notice', next));
  alice.session.onNotice(signStatement(world.tracker.key, 'roster', next));
  const bob = world.tracker.person('bob');
  const elsewhere = {
    ...next,
    stream: `account-${bob.account}`,
    room: null,
    type: 'DeviceEnrolled',
  } as Notice;
  alice.session.onNotice(world.tracker.sign('notice', elsewhere));
  await alice.chat.rooms();
  t.deepEqual(noticesOf(alice), ['RoomCreated alice']);
  t.deepEqual(alice.chat.conversations, ['#lobby']);
});

test('news: given terminals that log in to the account and out of it, then the others are told, and not the one that did', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const { account } = world.tracker.person('alice');
  const tell = (version: number, type: 'DeviceEnrolled' | 'DeviceRevoked', device: DeviceId): void => {
    alice.session.onNotice(
      world.tracker.sign('notice', {
        v: 1,
        stream: `account-${account}`,
        version,
        type,
        room: null,
        subject: { account, username: 'alice' },
        by: null,
        reason: null,
        device,
        at: version,
      } satisfies Notice),
    );
  };
  const other = newDevice();
  tell(1, 'DeviceEnrolled', alice.device);
  tell(2, 'DeviceEnrolled', other);
  tell(3, 'DeviceRevoked', other);
  tell(4, 'DeviceRevoked', alice.device);
  tell(5, 'DeviceEnrolled', other);
  await alice.hears('notice', { type: 'DeviceEnrolled', at: 5 });
  t.deepEqual(noticesOf(alice), ['DeviceEnrolled alice', 'DeviceRevoked alice', 'DeviceEnrolled alice']);
});

test('news: given what happened while the terminal was away, when it is back, then it is told and not what was before', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  await alice.stop();
  const room = world.tracker.room('lobby');
  world.tracker.join(room, world.tracker.person('bob'));
  world.tracker.join(room, world.tracker.person('carol'));
  world.tracker.leave(room, world.tracker.person('bob'));
  const again = await world.restart(alice);
  t.deepEqual(noticesOf(again), ['MemberJoined bob', 'MemberJoined carol', 'MemberLeft bob']);
  t.deepEqual(again.chat.conversations, ['#lobby']);
});

test('news: given more than one answer holds, then all of it is fetched', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  await alice.stop();
  const room = world.tracker.room('lobby');
  for (let index = 0; index < 10; index += 1) world.tracker.join(room, world.tracker.person(`user-${index}`));
  world.tracker.noticesPerSync = 3;
  const again = await world.restart(alice);
  t.is(again.all('notice').length, 10);
  await again.chat.say('#lobby', 'hello all');
  await again.hears('delivery', { acked: 0, of: 10 });
});

test('news: given one is put out of a room while away, then it is not open any more', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  await alice.stop();
  world.tracker.leave(world.tracker.room('lobby'), world.tracker.person('alice'));
  const again = await world.restart(alice);
  t.deepEqual(noticesOf(again), ['MemberLeft alice', 'RoomClosed alice']);
  t.deepEqual(again.chat.conversations, []);
});

test('news: given a room left and joined again, then what happened between is not asked for', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await bob.hears('notice', { type: 'MemberJoined', username: 'bob' });
  await bob.chat.leave('lobby');
  await bob.hears('notice', { type: 'MemberLeft', username: 'bob' });
  world.tracker.join(world.tracker.room('lobby'), world.tracker.person('carol'));
  await bob.chat.join('lobby');
  await until(() => noticesOf(bob).length === 3, 'bob is told that he joined');
  t.deepEqual(noticesOf(bob), ['MemberJoined bob', 'MemberLeft bob', 'MemberJoined bob']);
});

test('news: given an old roster that is played back, then nobody who has left is in the room again', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  const room = world.tracker.room('lobby');
  world.tracker.letsPass = () => false;
  world.tracker.join(room, world.tracker.person('bob'));
  world.tracker.join(room, world.tracker.person('carol'));
  const old = world.tracker.roster(room);
  world.tracker.leave(room, world.tracker.person('bob'));
  const request = alice.session.request.bind(alice.session);
  let rosters = [world.tracker.roster(room)];
  alice.session.request = async (title, data) => ({
    ...(await request(title, data)),
    ...(title === 'Sync' ? { data: { notices: [], rosters, more: false } } : {}),
  });
  await alice.session.become('online');
  t.true(await alice.chat.whenOnline(5_000));
  rosters = [old];
  await alice.session.become('online');
  t.true(await alice.chat.whenOnline(5_000));
  await alice.chat.say('#lobby', 'for carol');
  await alice.hears('delivery', { of: 1 });
});

test('news: given a room entered again while a sync fails, then its members are known by the answer or the next sync', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await bob.hears('notice', { type: 'MemberJoined' });
  await bob.chat.leave('lobby');
  await bob.hears('notice', { type: 'MemberLeft' });
  const request = bob.session.request.bind(bob.session);
  bob.session.request = async (title, data) => {
    if (title !== 'ChatRoom') return request(title, data);
    world.tracker.join(world.tracker.room('lobby'), bob.session.person);
    return {
      ...(await request('People', { operation: 'LIST' })),
      status: 501,
      phrase: 'UNAVAILABLE',
      data: null,
    };
  };
  t.like(await bob.chat.join('lobby'), { status: 501 });
  await until(() => bob.chat.conversations.includes('#lobby'), 'the notice tells that bob is in');
  await bob.chat.whenOnline(1_000);
  await until(async () => {
    await bob.chat.say('#lobby', 'hello');
    return bob.all('delivery').some(({ of }) => of === 1);
  }, 'alice is known to be a member');
  await alice.hears('message', { text: 'hello' });
});
