import test from 'ava';
import { until } from '../../../support/until.js';
import { createWorld } from '../support/world.js';

const own = { ip: '127.0.0.1', port: 4_000 };
const seenAt = (port: number) => ({ ip: '203.0.113.5', port, carrier: 'udp', via: 'reflexive' });

test('sync on connect: given a tracker with a reflector, then a terminal announces also its address as seen from outside', async (t) => {
  const { tracker, ...world } = await createWorld(t);
  tracker.reflectorPorts.push(7_001);
  const alice = await world.terminal('alice');
  t.deepEqual(await tracker.addressesOf(alice), [own, seenAt(7_001)]);
});

test('sync on connect: given a tracker without a reflector, or an answer that cannot be read, then a terminal announces its own addresses', async (t) => {
  const { tracker, ...world } = await createWorld(t);
  const alice = await world.terminal('alice');
  t.deepEqual(await tracker.addressesOf(alice), [own]);
  tracker.reflectorPorts.push(-1);
  const bob = await world.terminal('bob');
  t.deepEqual(await tracker.addressesOf(bob), [own]);
});

test('sync on connect: given a reflector that is new, then the next connection asks it', async (t) => {
  const { tracker, ...world } = await createWorld(t);
  const alice = await world.terminal('alice');
  tracker.reflectorPorts.push(7_001, 7_002);
  await alice.session.become('reconnecting');
  await alice.session.become('online');
  t.true(await alice.chat.whenOnline(60_000));
  t.deepEqual(await tracker.addressesOf(alice), [own, seenAt(7_001), seenAt(7_002)]);
});

test('sync on connect: given an introduction before a terminal has announced itself, then it uses UDP only after the announcement', async (t) => {
  const { net, tracker, ...world } = await createWorld(t);
  tracker.reflectorPorts.push(7_001);
  const alice = await world.terminal('alice');
  const candidatesOf = (device: typeof alice.device) => net.end(device).candidates.get(alice.device);
  const early: unknown[] = [];
  net.whileAsking = async () => {
    net.whileAsking = () => Promise.resolve();
    await tracker.ask(alice.session, 'PRIVATE', { username: 'bob' });
    const { device } = await world.user('bob');
    early.push(await until(() => candidatesOf(device), 'the introduction'));
  };
  const bob = await world.terminal('bob');
  t.deepEqual(early, [{ tcp: [own], udp: [] }]);
  const udp = await until(() => {
    const found = candidatesOf(bob.device)?.udp ?? [];
    return found.length > 0 && found;
  }, 'another introduction');
  t.deepEqual(udp, [{ ip: '203.0.113.5', port: 7_001 }]);
});

test('sync on connect: given a machine with a new address, then connection and links are checked, and peers learn the address', async (t) => {
  const world = await createWorld(t);
  const { net } = world;
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  bob.move('198.51.100.7');
  const known = () => net.end(alice.device).candidates.get(bob.device)?.tcp?.[0]?.ip;
  await until(() => known() === '198.51.100.7', 'the new address');
  t.is(bob.session.rechecks, 1);
  t.is(net.end(bob.device).rechecks, 1);
});

test('sync on connect: given a machine that moves again during an announcement, then the latest address is announced last', async (t) => {
  const { tracker, ...world } = await createWorld(t);
  const alice = await world.terminal('alice');
  const request = alice.session.request.bind(alice.session);
  const held: (() => void)[] = [];
  let answeredBlocks = 0;
  alice.session.request = async (title, data, options) => {
    const text = JSON.stringify(data);
    if (text.includes('ANNOUNCE')) await new Promise<void>((resolve) => void held.push(resolve));
    const answer = await request(title, data, options);
    if (text.includes('BLOCKS')) answeredBlocks += 1;
    return answer;
  };
  alice.move('198.51.100.7');
  await until(() => held.length === 1, 'the first announcement');
  alice.move('198.51.100.8');
  // Without a wait for the first announcement, the second one would have been sent together with these requests.
  await until(() => answeredBlocks === 2, 'the other requests of the second connection are answered');
  for (let announcements = 2; announcements > 0; announcements -= 1) {
    const release = await until(() => held.pop(), 'an announcement');
    release();
  }
  t.true(await alice.chat.whenOnline(60_000));
  t.like(await tracker.addressesOf(alice), [{ ip: '198.51.100.8' }]);
});

test('sync on connect: given a wait for the session, when the tracker is reached and nobody is logged in, then the wait ends', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.session.become('connecting');
  alice.session.identity = null;
  let isOnline: boolean | null = null;
  const waiting = alice.chat.whenOnline(2_000_000_000).then((answer) => (isOnline = answer));
  await alice.session.become('reconnecting');
  t.is(isOnline, null);
  await alice.session.become('guest');
  t.false(await waiting);
  t.false(await alice.chat.whenOnline(2_000_000_000), 'a later wait ends at once');
});
