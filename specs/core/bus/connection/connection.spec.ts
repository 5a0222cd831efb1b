import { createServer } from 'node:net';
import test from 'ava';
import { connectBus } from '../../../../core/bus/connection/connection.js';
import { BusError, type BusFailure } from '../../../../core/bus/connection/failure.js';
import { createNKey } from '../../../../core/bus/credentials/nkey.js';
import type { BusEvent } from '../../../../core/bus/connection/bus-event.js';
import { authSubject, commandSubject, deviceInbox, noticeSubject } from '../../../../core/bus/subjects.js';
import { silentLog } from '../../../../core/log.js';
import { deviceCredentials, testBroker } from '../../../support/bus/broker.js';
import { newAccountId, newDeviceId } from '../../../support/identities.js';
import { until } from '../../../support/until.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const patience = { timeoutMs: 5_000 };

test('bus: given a responder, when a device sends it a request, then the device receives the answer', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  server.subscribe('tracker.cmd.>', ({ reply = '' }) => server.publish(reply, bytes('pong')));
  await server.flush();
  const { bus, account, device: id } = await device();
  const answer = await bus.request(commandSubject(account, id, 'people'), bytes('ping'), patience);
  t.is(Buffer.from(answer).toString(), 'pong');
});

test('bus: each way to fail has its own error kind', async (t) => {
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

test('bus: given a server that accepts a connection and stays silent, when the attempt times out, then its socket is closed', async (t) => {
  let closed = 0;
  const server = createServer((socket) => {
    socket.resume().on('close', () => {
      closed += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const servers = `nats://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const credentials = { key: createNKey('user'), jwt: () => 'jwt' };
  const connecting = connectBus({ servers, credentials, inboxPrefix: 'x', name: 'spec', log: silentLog });
  await kindOf(t, connecting, 'timeout');
  await until(() => closed === 1, 'the end of the socket');
  t.pass();
});

test('bus: given a handler that throws, then only that message is lost', async (t) => {
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

test('bus: given a JWT that expires, when a renewed one is available, then the client reconnects with it', async (t) => {
  const { connect, keyring } = await testBroker(t);
  const key = createNKey('user');
  const identity = { key, account: newAccountId() };
  let jwt = deviceCredentials(keyring, { ...identity, lifetimeMs: 2_000 }).jwt();
  const statuses: BusEvent[] = [];
  const bus = await connect({
    credentials: { key, jwt: () => jwt },
    inboxPrefix: deviceInbox(newDeviceId(key)),
    onStatus: (status) => statuses.push(status),
  });
  const has = (type: BusEvent['type']): boolean => statuses.some((status) => status.type === type);
  await until(() => has('expired'), 'the broker says so');
  await until(() => has('unauthorized'), 'the old one is refused');
  jwt = deviceCredentials(keyring, identity).jwt();
  await until(() => bus.isConnected, 'it is back');
  t.true(
    statuses.some((status) => status.type === 'disconnected' && status.reason === 'the JWT has expired'),
  );
  await bus.flush();
});

test('bus: given a renewed JWT, when it reconnects, then the reconnection is reported as requested, and its subscriptions remain', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  const { bus, account } = await device();
  const notices: string[] = [];
  bus.subscribe(noticeSubject(account), ({ data }) => void notices.push(Buffer.from(data).toString()));
  const statuses: BusEvent[] = [];
  bus.onStatus((status) => statuses.push(status));
  await bus.reconnect();
  t.deepEqual(
    statuses.map((status) => (status.type === 'disconnected' ? status.isAsked : status.type)),
    [true, 'reconnecting', 'connected'],
  );
  await bus.flush();
  server.publish(noticeSubject(account), bytes('after'));
  await until(() => notices.length > 0, 'the notice arrives');
  t.deepEqual(notices, ['after']);
});

test('bus: given that it is closed, then its status says so and every method fails', async (t) => {
  const statuses: BusEvent[] = [];
  const { tracker } = await testBroker(t);
  const bus = await tracker({ onStatus: (status) => statuses.push(status) });
  await bus.drain();
  await until(() => statuses.some(({ type }) => type === 'closed'), 'the status');
  t.deepEqual(statuses.at(-1), { type: 'closed' });
  await kindOf(t, bus.flush(), 'disconnected');
  await kindOf(t, bus.reconnect(), 'disconnected');
  t.throws(() => bus.subscribe('x', () => {}), { instanceOf: BusError });
});

test('bus: given no server, or another kind of server, at that address, when connecting, then it fails with the reason', async (t) => {
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

test('bus: given a broker that asks for a signature on something other than a nonce, when connecting, then it receives none', async (t) => {
  const heard: string[] = [];
  const info = {
    server_id: 'x',
    version: '2.10.0',
    proto: 1,
    max_payload: 1_000,
    nonce: 'partyline/login/v1 bait',
  };
  const impostor = createServer((socket) => {
    socket.on('error', () => {}).on('data', (data) => heard.push(data.toString()));
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  });
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  t.teardown(() => impostor.close());
  const address = impostor.address();
  const servers = `nats://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const credentials = { key: createNKey('user'), jwt: () => 'jwt' };
  const connecting = connectBus({ servers, credentials, inboxPrefix: 'x', name: 'spec', log: silentLog });
  const error = await t.throwsAsync(connecting, { instanceOf: BusError });
  t.is(error.kind, 'unauthorized');
  t.regex(error.message, /not a nonce/);
  t.deepEqual(heard, []);
});
