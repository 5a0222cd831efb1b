import type { Duplex } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { createLinks } from '../../../../client/links/links.js';
import { createRelayCarrier } from '../../../../client/links/relay/relay.js';
import type { Bus } from '../../../../core/bus/bus.js';
import { nkeyFromKey } from '../../../../core/bus/credentials/nkey.js';
import { relaySubject, relaysTo } from '../../../../core/bus/subjects.js';
import { createRelayHub } from '../../../../core/bus/relay-hub.js';
import { systemClock, systemSchedule } from '../../../../core/time/clock.js';
import { deviceIdSchema, systemIds } from '../../../../core/ids.js';
import type { SigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { type TestBroker, testBroker } from '../../../support/bus/broker.js';
import { newDeviceId } from '../../../support/identities.js';
import { until } from '../../../support/until.js';
import { carrierContract } from '../carrier-contract.js';
import { keyPairInOrder } from '../device.js';

/** A device with credentials as after a login, and its carrier. */
async function online(broker: TestBroker) {
  const { bus, device } = await broker.device();
  const relayHub = createRelayHub();
  relayHub.attach(bus, device);
  return {
    bus,
    device,
    carrier: createRelayCarrier({ messenger: relayHub.line(device), ids: systemIds, clock: systemClock }),
  };
}

carrierContract('relay', async (t) => {
  const broker = await testBroker(t);
  const [near, far] = [await online(broker), await online(broker)];
  return { near: near.carrier, far: far.carrier, device: far.device };
});

const unwanted = (): AbortSignal => new AbortController().signal;

test('relay: given a device that is not connected, when a stream to it is opened, then it fails at once', async (t) => {
  const { carrier } = await online(await testBroker(t));
  t.teardown(() => carrier.close());
  const [route] = carrier.routes({ device: newDeviceId(), candidates: [] });
  t.is(route?.to, 'the broker');
  await t.throwsAsync(route?.connect(unwanted()) ?? Promise.resolve(), {
    message: /not connected to the broker/,
  });
});

test('relay: given no connection to the broker, when a stream is opened, then it rejects', async (t) => {
  const line = createRelayHub().line(newDeviceId());
  const carrier = createRelayCarrier({ messenger: line, ids: systemIds, clock: systemClock });
  const [route] = carrier.routes({ device: newDeviceId(), candidates: [] });
  await t.throwsAsync(route?.connect(unwanted()) ?? Promise.resolve(), { message: /interrupted/ });
});

test('relay: given an open stream, when the connection to the broker is interrupted, then both ends close', async (t) => {
  const broker = await testBroker(t);
  const [near, far] = [await online(broker), await online(broker)];
  t.teardown(async () => {
    await Promise.all([near.carrier.close(), far.carrier.close()]);
  });
  const incoming: Duplex[] = [];
  await far.carrier.listen((raw) => void incoming.push(raw));
  const [route] = near.carrier.routes({ device: far.device, candidates: [] });
  const here = await route?.connect(unwanted());
  const there = await until(() => incoming[0], 'the far end');
  there.resume();
  await near.bus.reconnect();
  await near.bus.flush();
  t.true(here?.destroyed);
  // This write stands for the heartbeat of a link: nobody receives it, so the far end closes.
  there.write('are you still there?');
  t.true(await until(() => there.closed, 'the far end to close'));
});

/** A peer whose messages are written by hand. */
async function manualPeer(t: ExecutionContext) {
  const broker = await testBroker(t);
  const [host, guest] = [await online(broker), await broker.device()];
  t.teardown(() => host.carrier.close());
  const arrived: Duplex[] = [];
  await host.carrier.listen((raw) => void arrived.push(raw));
  const answers: Buffer[] = [];
  guest.bus.subscribe(relaysTo(guest.device), ({ data }) => void answers.push(Buffer.from(data)));
  const send = (hex: string, link = 'x'): void =>
    guest.bus.publish(relaySubject(host.device, guest.device, link), Buffer.from(hex, 'hex'));
  const kinds = (): (number | undefined)[] => answers.map(([kind]) => kind);
  return { host, guest, arrived, send, kinds, broker };
}

const OPEN = '0000000004000001';
const [ACCEPT, RESET] = [1, 5];
const chunk = (at: number, bytes: string): string => `02${at.toString(16).padStart(12, '0')}${bytes}`;

test('relay: given garbage and messages without a stream, then nothing is opened, and only well-formed messages are answered', async (t) => {
  const { arrived, send, kinds, guest } = await manualPeer(t);
  const garbage = ['', 'ff', '02', '0000', `${OPEN}00`, '05000000000000', '05000000000001', '02000000000000'];
  for (const hex of garbage) send(hex);
  send(OPEN.replace(/01$/, '09'));
  send('00ffffffffffff01');
  send(chunk(0, 'aa'));
  send('03000000000009');
  await until(() => kinds().length === 4, 'the answers');
  await guest.bus.flush();
  t.deepEqual(kinds(), [RESET, RESET, RESET, RESET]);
  t.deepEqual(arrived, []);
});

test('relay: given a peer that breaks the protocol, then that stream is closed and others stay open', async (t) => {
  const { arrived, send, kinds } = await manualPeer(t);
  const violations = {
    gap: chunk(9, 'aa'),
    repeated: OPEN,
    accepting: '01000000000001',
    garbage: 'ff',
    greed: '03ffffffffffff',
    late: '04000000000001',
  };
  send(OPEN, 'good');
  for (const [link, hex] of Object.entries(violations)) {
    send(OPEN, link);
    send(hex, link);
  }
  await until(
    () => arrived.length === 7 && arrived.slice(1).every((raw) => raw.closed),
    'all violating streams to close',
  );
  t.false(arrived[0]?.closed);
  await until(() => kinds().filter((kind) => kind === RESET).length === 6, 'six resets');
  t.is(kinds().filter((kind) => kind === ACCEPT).length, 7);
});

test('relay: given a peer that sends more than it was granted while nobody reads, then its stream is closed', async (t) => {
  const { arrived, send, kinds } = await manualPeer(t);
  send(OPEN);
  const bytes = 1_000;
  for (let at = 0; at <= 256 * 1024; at += bytes + 64) send(chunk(at, 'ab'.repeat(bytes)));
  await until(() => arrived[0]?.closed === true && kinds().at(-1) === RESET, 'the end');
  t.is(arrived.length, 1);
});

test('relay: given the permissions of a device, then it cannot send as another one', async (t) => {
  const { host, arrived, broker, guest } = await manualPeer(t);
  const denied = new Promise((resolve) => guest.bus.onStatus(resolve));
  const other = newDeviceId();
  guest.bus.publish(relaySubject(host.device, other, 'x'), Buffer.from(OPEN, 'hex'));
  t.like(await denied, { type: 'denied', operation: 'publish' });
  t.deepEqual(arrived, []);
  t.truthy(broker);
});

test('relay: given two devices without addresses, then their link uses the broker, survives an interruption, and loses nothing', async (t) => {
  const broker = await testBroker(t);
  const start = async (key: SigningKey) => {
    const { bus, device } = await broker.device({}, { key: nkeyFromKey('user', key) });
    const relayHub = createRelayHub();
    relayHub.attach(bus, device);
    const carrier = createRelayCarrier({
      messenger: relayHub.line(device),
      ids: systemIds,
      clock: systemClock,
    });
    const parts = {
      clock: systemClock,
      schedule: systemSchedule,
      ids: systemIds,
      random: Math.random,
      log: silentLog,
    };
    const links = createLinks({ key, carriers: [carrier], ...parts });
    t.teardown(() => links.close());
    await links.listen();
    const got: string[] = [];
    links.events.on('messages', ({ payloads }) => void got.push(...payloads.map(String)));
    const meet = (id: string, publicKey: Buffer): void =>
      links.introduce({ id: deviceIdSchema.parse(id), publicKey, candidates: {} });
    return { bus, device, links, got, meet, key };
  };
  const [ann, ben] = await Promise.all(keyPairInOrder().map(start));
  if (ann === undefined || ben === undefined) throw new Error('two keys make two devices');
  ben.meet(ann.device, ann.key.publicKey);
  ann.meet(ben.device, ben.key.publicKey);
  const sent = Array.from({ length: 300 }, (_, number) => `payload ${number}`);
  const isOpen = (bus: Bus): boolean => bus.isConnected && ann.links.list()[0]?.state === 'open';
  for (const [number, text] of sent.entries()) {
    if (number % 100 === 50) {
      await until(() => isOpen(ann.bus), 'an open link');
      await (number < 100 ? ann : ben).bus.reconnect();
    }
    t.is(ann.links.send(ben.device, Buffer.from(text)), 'taken');
    t.is(ben.links.send(ann.device, Buffer.from(text)), 'taken');
  }
  await until(() => ann.got.length >= sent.length && ben.got.length >= sent.length, 'all payloads');
  t.deepEqual(ann.got, sent);
  t.deepEqual(ben.got, sent);
  t.is(ann.links.list()[0]?.carrier, 'relay');
});
