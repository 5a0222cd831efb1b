import test from 'ava';
import { createPresence } from '../../../actors/presence/presence.js';
import type { AccountId } from '../../../core/ids.js';
import { newDeviceId } from '../../support/identities.js';
import { ann, ben } from '../people.js';
import { handTimers } from '../timers.js';

function scene() {
  const timers = handTimers();
  return { timers, presence: createPresence(timers.schedule) };
}

let connections = 0;
const connection = (account: AccountId, device = newDeviceId()) => ({
  id: `server/${connections++}`,
  account,
  device,
});

test('presence: given a connection, then its account is online with that device', (t) => {
  const { presence } = scene();
  const one = connection(ann);
  presence.connected(one);
  t.true(presence.isOnline(ann));
  t.false(presence.isOnline(ben));
  t.deepEqual(presence.devicesOf(ann), [one.device]);
  t.deepEqual(presence.devicesOf(ben), []);
  t.deepEqual(presence.accounts(), [ann]);
});

test('presence: given a lost connection, when two seconds have passed, then the account is offline, and its data is dropped', (t) => {
  const { presence, timers } = scene();
  const one = connection(ann);
  presence.connected(one);
  presence.disconnected(one.id);
  t.deepEqual(timers.delays(), [2_000]);
  t.true(presence.isOnline(ann), 'it may be back at once');
  timers.elapse();
  t.false(presence.isOnline(ann));
  t.deepEqual(presence.accounts(), []);
});

test('presence: given a device that reconnects in time, then it stays online and counts once', (t) => {
  const { presence, timers } = scene();
  const before = connection(ann);
  const now = connection(ann, before.device);
  presence.connected(before);
  presence.disconnected(before.id);
  presence.connected(now);
  t.deepEqual(presence.devicesOf(ann), [before.device]);
  timers.elapse();
  t.deepEqual(presence.devicesOf(ann), [before.device]);
  presence.disconnected(now.id);
  timers.elapse();
  t.false(presence.isOnline(ann));
});

test('presence: given the same connection again while it is leaving, then it stays', (t) => {
  const { presence, timers } = scene();
  const one = connection(ann);
  presence.connected(one);
  presence.disconnected(one.id);
  presence.connected(one);
  t.deepEqual(timers.delays(), []);
  timers.elapse();
  t.true(presence.isOnline(ann));
});

test('presence: given two devices, when one disconnects, then the account stays online with the other', (t) => {
  const { presence, timers } = scene();
  const laptop = connection(ann);
  const phone = connection(ann);
  presence.connected(laptop);
  presence.connected(phone);
  t.deepEqual(presence.devicesOf(ann), [laptop.device, phone.device]);
  presence.disconnected(laptop.id);
  timers.elapse();
  t.deepEqual(presence.devicesOf(ann), [phone.device]);
});

test('presence: given a repeated loss or the loss of an unknown connection, then only one timer is pending', (t) => {
  const { presence, timers } = scene();
  const one = connection(ann);
  presence.connected(one);
  presence.disconnected(one.id);
  presence.disconnected(one.id);
  presence.disconnected('server/unknown');
  t.deepEqual(timers.delays(), [2_000]);
});

test('presence: given connections that open and close, then none is left over', (t) => {
  const { presence, timers } = scene();
  const all = Array.from({ length: 200 }, (_, n) => connection(n % 2 === 0 ? ann : ben));
  for (const one of all) presence.connected(one);
  for (const one of all) presence.disconnected(one.id);
  timers.elapse();
  t.deepEqual(presence.accounts(), []);
  t.deepEqual(timers.delays(), []);
});

test('presence: given a stale connection or a device that leaves, then the device is offline at once', (t) => {
  const { presence, timers } = scene();
  const [desk, phone] = [connection(ann), connection(ann)];
  for (const one of [desk, phone]) presence.connected(one);
  presence.gone(desk.id);
  t.deepEqual(presence.devicesOf(ann), [phone.device]);
  presence.disconnected(phone.id);
  presence.left({ account: ann, device: phone.device });
  t.false(presence.isOnline(ann));
  t.deepEqual(timers.delays(), []);
  presence.connected(connection(ann, phone.device));
  t.true(presence.isOnline(ann), 'it has come back');
  presence.left({ account: ben, device: phone.device });
  t.true(presence.isOnline(ann), 'nobody speaks for another account');
});

test('presence: an account is dnd if one device is, away if all devices are, else online', (t) => {
  const { presence } = scene();
  const [desk, phone] = [connection(ann), connection(ann)];
  for (const one of [desk, phone]) presence.connected(one);
  t.is(presence.stateOf(ann), 'online', 'until it is told');
  presence.setState(desk, 'away');
  t.is(presence.stateOf(ann), 'online');
  presence.setState(phone, 'away');
  t.is(presence.stateOf(ann), 'away');
  presence.setState(desk, 'dnd');
  t.is(presence.stateOf(ann), 'dnd');
  presence.gone(desk.id);
  t.is(presence.stateOf(ann), 'away');
  presence.connected(connection(ann, desk.device));
  t.is(presence.stateOf(ann), 'online', 'what a device said is forgotten when it goes');
});

test('presence: given a state reported before or between connections, then it is kept', (t) => {
  const { presence, timers } = scene();
  const early = connection(ann);
  presence.setState(early, 'dnd');
  presence.connected(early);
  t.is(presence.stateOf(ann), 'dnd');
  presence.disconnected(early.id);
  presence.connected(connection(ann, early.device));
  timers.elapse();
  t.is(presence.stateOf(ann), 'dnd');
});
