import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { until } from '../../../support/until.js';
import { createWorld } from '../support/world.js';

/** As many turns of the event loop as what is under way in memory may take. */
async function turns(): Promise<void> {
  for (let left = 20; left > 0; left -= 1) await setImmediate();
}

const own = { ip: '127.0.0.1', port: 4_000 };

test('arrival: given a tracker with a reflector, then a terminal announces where it is seen from outside, too', async (t) => {
  const world = createWorld(t);
  world.tracker.reflectorPorts = [7_001];
  const alice = await world.terminal('alice');
  const seen = { ip: '203.0.113.5', port: 7_001, carrier: 'udp', via: 'reflexive' };
  t.deepEqual(alice.session.addresses, [own, seen]);
});

test('arrival: given a tracker without one, or one whose answer cannot be read, then its own addresses are announced', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  t.deepEqual(alice.session.addresses, [own]);
  world.tracker.reflectorPorts = [-1];
  const bob = await world.terminal('bob');
  t.deepEqual(bob.session.addresses, [own]);
});

test('arrival: given a reflector that appears later, then the next arrival asks it', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  world.tracker.reflectorPorts = [7_001, 7_002];
  await alice.session.become('reconnecting');
  await alice.session.become('online');
  await until(() => alice.session.addresses.length === 3, 'what the reflector told');
  t.pass();
});

test('arrival: given somebody who asks for a terminal that has not said yet where it is, then it looks for them over UDP only when it has', async (t) => {
  const world = createWorld(t);
  const { net, tracker } = world;
  tracker.reflectorPorts = [7_001];
  const alice = await world.terminal('alice');
  net.whileAsking = async () => {
    net.whileAsking = () => Promise.resolve();
    const bob = [...tracker.clients.values()].find(({ person }) => person.username === 'bob');
    if (bob === undefined) return t.fail('bob is not there');
    tracker.handle('PRIVATE', { username: 'bob' }, alice.session);
    const candidates = await until(
      () => net.end(bob.device).candidates.get(alice.device),
      'the introduction',
    );
    t.deepEqual(candidates, { tcp: [own], udp: [] });
  };
  const bob = await world.terminal('bob');
  const overUdp = () => net.end(bob.device).candidates.get(alice.device)?.udp ?? [];
  await until(() => overUdp().length === 1, 'another introduction');
  t.pass();
});

test('arrival: given a machine that gets another address, then connection and links are made sure of, and others are told', async (t) => {
  const world = createWorld(t);
  const { net } = world;
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  bob.move('198.51.100.7');
  const known = () => net.end(alice.device).candidates.get(bob.device)?.tcp?.[0]?.ip;
  await until(() => known() === '198.51.100.7', 'the new address');
  t.is(bob.session.doubts, 1);
  t.is(net.end(bob.device).doubts, 1);
});

test('arrival: given a machine that moves on while it is still announced where it was, then it is known where it is now', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const request = alice.session.request.bind(alice.session);
  const held: (() => void)[] = [];
  alice.session.request = async (title, data, options) => {
    if (JSON.stringify(data).includes('ANNOUNCE'))
      await new Promise<void>((resolve) => void held.push(resolve));
    return request(title, data, options);
  };
  alice.move('198.51.100.7');
  await until(() => held.length === 1, 'the first announcement');
  alice.move('198.51.100.8');
  // What is under way at the same time may arrive in any order.
  for (await turns(); held.length > 0; await turns()) held.pop()?.();
  t.is(alice.session.addresses[0]?.ip, '198.51.100.8');
});
