import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import type { Bus } from '../../../core/bus/bus.js';
import { connectBus } from '../../../core/bus/connection.js';
import { BusError, type BusFailure } from '../../../core/bus/failure.js';
import { createNKey } from '../../../core/bus/nkey.js';
import type { BusStatus } from '../../../core/bus/status.js';
import {
  authSubject,
  commandSubject,
  deviceInbox,
  guestInbox,
  noticeSubject,
  relaysTo,
  relaySubject,
} from '../../../core/bus/subjects.js';
import { silentLog } from '../../../core/log.js';
import { deviceCredentials, guestCredentials, testBroker } from '../../support/broker.js';
import { newAccountId, newDeviceId } from '../../support/identities.js';
import { until } from '../../support/until.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const patience = { timeoutMs: 5_000 };

/** What the broker refused of `attempts`, in their order. */
async function deniedOf(bus: Bus, attempts: () => void): Promise<readonly string[]> {
  const denied: string[] = [];
  const end = bus.onStatus((status) => {
    if (status.type === 'denied') denied.push(`${status.operation} ${status.subject}`);
  });
  attempts();
  await bus.flush();
  // The refusals have arrived; the library hands them on in its next turn.
  await setImmediate();
  end();
  return denied;
}

test('bus: given a responder, when a device asks it, then it gets the answer', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  server.subscribe('tracker.cmd.>', ({ reply = '' }) => server.publish(reply, bytes('pong')));
  await server.flush();
  const { bus, account, device: id } = await device();
  const answer = await bus.request(commandSubject(account, id, 'people'), bytes('ping'), patience);
  t.is(Buffer.from(answer).toString(), 'pong');
});

test('bus: each way to fail has its kind', async (t) => {
  const { tracker, device, guest, broker } = await testBroker(t);
  const { bus, account, device: id } = await device();
  const subject = commandSubject(account, id, 'people');
  await kindOf(t, bus.request(subject, bytes(''), patience), 'no-responders');
  const server = await tracker();
  server.subscribe('tracker.>', () => {});
  await server.flush();
  await kindOf(t, bus.request(subject, bytes(''), { timeoutMs: 50 }), 'timeout');
  await kindOf(t, bus.request(commandSubject(newAccountId(), id, 'people'), bytes(''), patience), 'denied');
  const visitor = await guest();
  await kindOf(
    t,
    visitor.bus.request(authSubject(visitor.device, 'login'), Buffer.alloc(9_000), patience),
    'too-large',
  );
  t.throws(() => visitor.bus.publish('x', Buffer.alloc(9_000)), {
    message: /9000 bytes are more than the 8192/,
  });
  const waiting = kindOf(t, bus.request(subject, bytes(''), { timeoutMs: 60_000 }), 'disconnected');
  await bus.flush();
  await broker.stop();
  await waiting;
  await kindOf(t, bus.request(subject, bytes(''), { timeoutMs: 60_000 }), 'disconnected');
  await kindOf(t, bus.flush(), 'disconnected');
  t.throws(() => bus.publish(subject, bytes('')), { message: /no connection/ });
});

async function kindOf(
  t: { is(actual: unknown, expected: unknown): unknown },
  attempt: Promise<unknown>,
  kind: BusFailure,
): Promise<void> {
  const outcome = await attempt.then(
    () => 'success',
    (error: unknown) => (error instanceof BusError ? error.kind : error),
  );
  t.is(outcome, kind);
}

test('bus: a handler that throws costs only that message', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const seen: string[] = [];
  bus.subscribe('x', ({ data }) => {
    const text = Buffer.from(data).toString();
    if (text === 'bad') throw new Error('not today');
    seen.push(text);
  });
  for (const text of ['one', 'bad', 'two']) bus.publish('x', bytes(text));
  await bus.flush();
  await until(() => seen.length === 2, 'the others arrive');
  t.deepEqual(seen, ['one', 'two']);
});

test('bus: a queue shares its messages', async (t) => {
  const { tracker } = await testBroker(t);
  const [one, two] = [await tracker(), await tracker()];
  const seen: string[] = [];
  one.subscribe('work', () => void seen.push('one'), { queue: 'q' });
  two.subscribe('work', () => void seen.push('two'), { queue: 'q' });
  await Promise.all([one.flush(), two.flush()]);
  for (let count = 0; count < 50; count++) one.publish('work', bytes(''));
  await until(() => seen.length >= 50, 'all arrive');
  await Promise.all([one.flush(), two.flush()]);
  t.is(seen.length, 50);
  t.deepEqual([...new Set(seen)].sort(), ['one', 'two']);
});

test('permissions: a guest may speak only as itself and hear only its own replies', async (t) => {
  const { guest, tracker } = await testBroker(t);
  const server = await tracker();
  server.subscribe('tracker.auth.*.*', ({ reply = '' }) => server.publish(reply, bytes('secret')));
  await server.flush();
  const [victim, spy] = [await guest(), await guest()];
  const heard: string[] = [];
  const listen = (subject: string): void => void spy.bus.subscribe(subject, () => void heard.push(subject));
  const ears = [
    `${guestInbox(victim.device)}.>`,
    '_GUEST.>',
    '_GUEST.*.>',
    '>',
    'tracker.auth.>',
    '_R_.>',
    '_INBOX.>',
  ];
  t.deepEqual(
    await deniedOf(spy.bus, () => ears.forEach(listen)),
    ears.map((subject) => `subscribe ${subject}`),
  );
  const mouths = [
    authSubject(victim.device, 'login'),
    commandSubject(newAccountId(), spy.device, 'sync'),
    noticeSubject(newAccountId()),
    `${guestInbox(victim.device)}.x`,
    '$SYS.REQ.SERVER.PING',
    '$JS.API.INFO',
  ];
  t.deepEqual(
    await deniedOf(spy.bus, () => mouths.forEach((subject) => spy.bus.publish(subject, bytes('')))),
    mouths.map((subject) => `publish ${subject}`),
  );
  const answer = await victim.bus.request(authSubject(victim.device, 'login'), bytes(''), patience);
  t.is(Buffer.from(answer).toString(), 'secret');
  t.deepEqual(heard, []);
});

test('permissions: a device may speak only as itself, and listen only to its own', async (t) => {
  const { device } = await testBroker(t);
  const [me, other] = [await device(), await device()];
  const mouths = [
    commandSubject(other.account, other.device, 'chatroom'),
    commandSubject(me.account, other.device, 'chatroom'),
    commandSubject(other.account, me.device, 'chatroom'),
    relaySubject(other.device, other.device, 'x'),
    noticeSubject(other.account),
    `${deviceInbox(other.device)}.x`,
    authSubject(other.device, 'renew'),
  ];
  t.deepEqual(
    await deniedOf(me.bus, () => mouths.forEach((subject) => me.bus.publish(subject, bytes('')))),
    mouths.map((subject) => `publish ${subject}`),
  );
  const ears = [
    '>',
    '_INBOX_>',
    `${deviceInbox(other.device)}.>`,
    noticeSubject(other.account),
    'user.*.>',
    relaysTo(other.device),
    'relay.>',
    'tracker.cmd.>',
    'events.>',
  ];
  t.deepEqual(
    await deniedOf(me.bus, () => ears.forEach((subject) => void me.bus.subscribe(subject, () => {}))),
    ears.map((subject) => `subscribe ${subject}`),
  );
  const relayed: string[] = [];
  other.bus.subscribe(relaysTo(other.device), ({ subject }) => void relayed.push(subject));
  await other.bus.flush();
  me.bus.publish(relaySubject(other.device, me.device, 'link'), bytes('frame'));
  await until(() => relayed.length > 0, 'the frame arrives');
  t.deepEqual(relayed, [relaySubject(other.device, me.device, 'link')]);
});

test('permissions: a JWT is of no use without its key, and a guest’s key mints nothing but guests', async (t) => {
  const { connect, keyring } = await testBroker(t);
  const [owner, thief] = [createNKey('user'), createNKey('user')];
  const stolen = deviceCredentials(keyring, { key: owner });
  const refused = { instanceOf: BusError, message: /does not accept the JWT/ };
  await t.throwsAsync(connect({ credentials: { ...stolen, key: thief }, inboxPrefix: 'x' }), refused);
  const forged = deviceCredentials({ ...keyring, accountSigning: keyring.guestSigning }, { key: thief });
  await t.throwsAsync(connect({ credentials: forged, inboxPrefix: 'x' }), refused);
  const asApplication = guestCredentials({ ...keyring, guestAccount: keyring.account }, thief);
  await t.throwsAsync(connect({ credentials: asApplication, inboxPrefix: 'x' }), refused);
});

test('bus: given a JWT that runs out, when a renewed one is at hand, then the client comes back with it', async (t) => {
  const { connect, keyring } = await testBroker(t);
  const key = createNKey('user');
  const identity = { key, account: newAccountId() };
  let jwt = deviceCredentials(keyring, { ...identity, lifetimeMs: 2_000 }).jwt();
  const statuses: BusStatus[] = [];
  const bus = await connect({
    credentials: { key, jwt: () => jwt },
    inboxPrefix: deviceInbox(newDeviceId(key)),
    onStatus: (status) => statuses.push(status),
  });
  const has = (type: BusStatus['type']): boolean => statuses.some((status) => status.type === type);
  await until(() => has('expired'), 'the broker says so');
  await until(() => has('unauthorized'), 'the old one is refused');
  jwt = deviceCredentials(keyring, identity).jwt();
  await until(() => bus.isConnected, 'it is back');
  t.true(
    statuses.some((status) => status.type === 'disconnected' && status.reason === 'the JWT has run out'),
  );
  await bus.flush();
});

test('bus: given a renewed JWT, when it reconnects, then its subscriptions are still there', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  const { bus, account } = await device();
  const notices: string[] = [];
  bus.subscribe(noticeSubject(account), ({ data }) => void notices.push(Buffer.from(data).toString()));
  await bus.reconnect();
  await bus.flush();
  server.publish(noticeSubject(account), bytes('after'));
  await until(() => notices.length > 0, 'the notice arrives');
  t.deepEqual(notices, ['after']);
});

test('bus: given that it is closed, then it says so and every method fails', async (t) => {
  const statuses: BusStatus[] = [];
  const { tracker } = await testBroker(t);
  const bus = await tracker({ onStatus: (status) => statuses.push(status) });
  await bus.drain();
  await until(() => statuses.some(({ type }) => type === 'closed'), 'the status');
  t.deepEqual(statuses.at(-1), { type: 'closed' });
  await kindOf(t, bus.flush(), 'disconnected');
  await kindOf(t, bus.reconnect(), 'disconnected');
  t.throws(() => bus.subscribe('x', () => {}), { instanceOf: BusError });
});

test('bus: given nobody or a stranger at that address, when connecting, then it fails with the reason', async (t) => {
  const key = createNKey('user');
  const credentials = { key, jwt: () => 'jwt' };
  const stranger = createServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  t.teardown(() => stranger.close());
  const address = stranger.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  for (const servers of ['nats://127.0.0.1:1', `nats://127.0.0.1:${port}`]) {
    const connecting = connectBus({ servers, credentials, inboxPrefix: 'x', name: 'spec', log: silentLog });
    const error = await t.throwsAsync(connecting, { instanceOf: BusError });
    t.is(error.kind, 'disconnected');
    t.regex(error.message, /^connecting to the broker: \S/);
  }
});
