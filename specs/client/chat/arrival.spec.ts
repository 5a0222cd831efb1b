import test from 'ava';
import { until } from '../../support/until.js';
import { createWorld } from './support/world.js';

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
