import test from 'ava';
import type { Response, Title } from '../../../../core/protocol/envelope.js';
import { syncedSchema } from '../../../../core/protocol/operations.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Notice } from '../../../../core/protocol/signed/statements.js';
import { until } from '../../../support/until.js';
import { joinLobby } from '../support/lobby.js';
import { createWorld, newDevice, type Terminal } from '../support/world.js';

const noticesOf = (terminal: Terminal): string[] =>
  terminal.all('notice').map(({ type, username }) => `${type} ${username}`);

async function aliceInLobby(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.hears('notice', { type: 'RoomCreated' });
  return { world, tracker: world.tracker, alice };
}

test('tracker sync: given lost notices, when the next one arrives, then they are fetched and shown in order', async (t) => {
  const { world, tracker, alice } = await aliceInLobby(t);
  tracker.letsPass = ({ version }) => version === 4;
  await joinLobby(world, 'bob', 'carol', 'dave');
  await alice.hears('notice', { username: 'dave' });
  t.deepEqual(noticesOf(alice), [
    'RoomCreated alice',
    'MemberJoined bob',
    'MemberJoined carol',
    'MemberJoined dave',
  ]);
});

test('tracker sync: given notices that arrive twice and out of order, then each is shown once, in order', async (t) => {
  const { world, tracker, alice } = await aliceInLobby(t);
  const held: Notice[] = [];
  tracker.letsPass = (notice) => {
    held.push(notice);
    return false;
  };
  await joinLobby(world, 'bob', 'carol', 'dave');
  await tracker.settled();
  t.is(held.length, 3);
  for (const notice of [...held.toReversed(), ...held]) {
    alice.session.push('notice', tracker.sign('notice', notice));
  }
  await alice.hears('notice', { username: 'dave' });
  tracker.letsPass = () => true;
  await (await world.user('carol')).leave('lobby');
  await alice.hears('notice', { type: 'MemberLeft' });
  t.deepEqual(noticesOf(alice), [
    'RoomCreated alice',
    'MemberJoined bob',
    'MemberJoined carol',
    'MemberJoined dave',
    'MemberLeft carol',
  ]);
});

test('tracker sync: given a gap while the tracker does not answer, when it answers again, then the missed notices are shown in order', async (t) => {
  const { world, tracker, alice } = await aliceInLobby(t);
  tracker.isUp = false;
  tracker.letsPass = ({ version }) => version === 3;
  await joinLobby(world, 'bob', 'carol');
  await until(() => tracker.asked.filter(({ title }) => title === 'Sync').length > 1, 'a Sync is sent');
  t.deepEqual(noticesOf(alice), ['RoomCreated alice']);
  tracker.isUp = true;
  await alice.session.become('online');
  await alice.hears('notice', { username: 'carol' });
  t.deepEqual(noticesOf(alice), ['RoomCreated alice', 'MemberJoined bob', 'MemberJoined carol']);
});

test('tracker sync: given a notice with a wrong signature, purpose or account, then it is not shown', async (t) => {
  const { world, tracker, alice } = await aliceInLobby(t);
  const { conversation } = await tracker.room('lobby');
  const { account } = alice.session;
  const closing: Notice = {
    v: 1,
    stream: conversation,
    version: 2,
    type: 'RoomClosed',
    room: { conversation, name: 'lobby' },
    subject: { account, username: 'alice' },
    by: null,
    reason: null,
    at: 1,
  };
  const bob = await world.user('bob');
  const ofBob: Notice = { ...closing, stream: `account-${bob.account}`, room: null, type: 'DeviceEnrolled' };
  alice.session.push('notice', signStatement(generateSigningKey(), 'notice', closing));
  alice.session.push('notice', signStatement(tracker.key, 'roster', closing));
  alice.session.push('notice', tracker.sign('notice', ofBob));
  await bob.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined' });
  t.deepEqual(noticesOf(alice), ['RoomCreated alice', 'MemberJoined bob']);
  t.deepEqual(alice.chat.conversations, ['#lobby']);
});

test('tracker sync: given devices that log in to the account and out of it, then a terminal shows the others and not itself', async (t) => {
  const { tracker, ...world } = await createWorld(t);
  const alice = await world.terminal('alice');
  const phone = await tracker.enrol('alice', newDevice());
  await phone.ask('Account', { operation: 'LOGOUT' });
  const tablet = await tracker.enrol('alice', newDevice());
  await tablet.ask('Account', { operation: 'REVOKE', device: alice.device });
  await tracker.enrol('alice', newDevice());
  await until(() => noticesOf(alice).length >= 4, 'the last login is shown');
  t.deepEqual(noticesOf(alice), [
    'DeviceEnrolled alice',
    'DeviceRevoked alice',
    'DeviceEnrolled alice',
    'DeviceEnrolled alice',
  ]);
});

test('tracker sync: given a terminal that was offline, when it is online again, then it shows only the notices it missed', async (t) => {
  const { world, alice } = await aliceInLobby(t);
  await alice.stop();
  await joinLobby(world, 'bob', 'carol');
  await (await world.user('bob')).leave('lobby');
  const again = await world.restart(alice);
  t.deepEqual(noticesOf(again), ['MemberJoined bob', 'MemberJoined carol', 'MemberLeft bob']);
  t.deepEqual(again.chat.conversations, ['#lobby']);
});

/** An answer to `Sync` with at most three notices. */
function cutToThree(title: Title, answer: Response): Response {
  const synced = syncedSchema.safeParse(answer.data);
  if (title !== 'Sync' || !synced.success || synced.data.notices.length <= 3) return answer;
  return { ...answer, data: { rosters: [], notices: synced.data.notices.slice(0, 3), more: true } };
}

test('tracker sync: given more notices than one answer holds, then all of them are fetched', async (t) => {
  const { world, tracker, alice } = await aliceInLobby(t);
  await alice.stop();
  await joinLobby(world, ...Array.from({ length: 10 }, (_, index) => `user-${index}`));
  tracker.alters = cutToThree;
  const again = await world.restart(alice);
  t.is(again.all('notice').length, 10);
  await again.chat.say('#lobby', 'hello all');
  await again.hears('delivery', { acked: 0, of: 10 });
});

test('tracker sync: given an account that left a room while its terminal was offline, then the room is not open there', async (t) => {
  const { world, alice } = await aliceInLobby(t);
  await alice.stop();
  await (await world.user('alice')).leave('lobby');
  const again = await world.restart(alice);
  t.deepEqual(noticesOf(again), ['MemberLeft alice', 'RoomClosed alice']);
  t.deepEqual(again.chat.conversations, []);
});

test('tracker sync: given a room left and joined again, then the notices between are not fetched', async (t) => {
  const { world } = await aliceInLobby(t);
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await bob.hears('notice', { type: 'MemberJoined', username: 'bob' });
  await bob.chat.leave('lobby');
  await bob.hears('notice', { type: 'MemberLeft', username: 'bob' });
  await joinLobby(world, 'carol');
  await bob.chat.join('lobby');
  await until(() => noticesOf(bob).length === 3, 'bob sees that he joined');
  t.deepEqual(noticesOf(bob), ['MemberJoined bob', 'MemberLeft bob', 'MemberJoined bob']);
});

test('tracker sync: given an old roster in an answer, then it puts nobody back who has left the room', async (t) => {
  const { world, alice } = await aliceInLobby(t);
  await joinLobby(world, 'bob', 'carol');
  const carol = await world.user('carol');
  await alice.hears('notice', { username: 'carol' });
  const old = await carol.roster();
  await (await world.user('bob')).leave('lobby');
  await alice.hears('notice', { type: 'MemberLeft' });
  for (const rosters of [[await carol.roster()], [old]]) {
    world.tracker.alters = (title, answer) =>
      title === 'Sync' ? { ...answer, data: { notices: [], rosters, more: false } } : answer;
    await alice.session.become('online');
    t.true(await alice.chat.whenOnline(60_000));
  }
  await alice.chat.say('#lobby', 'for carol');
  await alice.hears('delivery', { of: 1 });
});

test('tracker sync: given a room entered again by a request whose answer is lost, then its members are known', async (t) => {
  const { world, alice } = await aliceInLobby(t);
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await bob.hears('notice', { type: 'MemberJoined' });
  await bob.chat.leave('lobby');
  await bob.hears('notice', { type: 'MemberLeft' });
  world.tracker.alters = (title, answer) =>
    title === 'ChatRoom' ? { ...answer, status: 501, phrase: 'UNAVAILABLE', data: null } : answer;
  t.like(await bob.chat.join('lobby'), { status: 501 });
  await until(() => bob.chat.conversations.includes('#lobby'), 'the notice shows that bob is in the room');
  await until(async () => {
    await bob.chat.say('#lobby', 'hello');
    return bob.all('delivery').some(({ of }) => of === 1);
  }, 'alice is known to be a member');
  await alice.hears('message', { text: 'hello' });
});
