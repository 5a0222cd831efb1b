import { createSocket } from 'node:dgram';
import type { Duplex } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { createUdpCarrier } from '../../../../client/links/udp/udp.js';
import { decodeDatagram, encodeDatagram } from '../../../../client/links/udp/datagrams.js';
import { systemClock, systemSchedule } from '../../../../core/time/clock.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { decodeQuestion, encodeReflection } from '../../../../core/protocol/reflection.js';
import { until } from '../../../support/until.js';
import { carrierContract } from '../carrier-contract.js';
import { deviceIdOf } from '../device.js';

const onLoopback = () =>
  createUdpCarrier({ host: '127.0.0.1', clock: systemClock, schedule: systemSchedule, log: silentLog });
const device = deviceIdOf(generateSigningKey().publicKey);
const wanted = (): AbortSignal => new AbortController().signal;

carrierContract('udp', () => Promise.resolve({ near: onLoopback(), far: onLoopback(), device }));

/** A carrier that listens, and a bare socket that records the datagrams it receives. */
async function stranger(t: ExecutionContext) {
  const carrier = onLoopback();
  t.teardown(() => carrier.close());
  const incoming: Duplex[] = [];
  await carrier.listen((raw) => void incoming.push(raw));
  const [candidate] = carrier.addresses();
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  t.teardown(() => socket.close());
  const heard: Buffer[] = [];
  socket.on('message', (bytes) => void heard.push(bytes));
  const say = (bytes: Buffer): void => socket.send(bytes, candidate?.port ?? 0, '127.0.0.1');
  return { carrier, incoming, heard, say, address: { ip: '127.0.0.1', port: socket.address().port } };
}

const probe = { kind: 'probe', token: '0102030405060708', stream: 7 } as const;

test('udp: given a probe, then its address must prove that it is real, and no answer is longer than the probe', async (t) => {
  const { incoming, heard, say } = await stranger(t);
  say(encodeDatagram({ ...probe, proof: null }));
  say(encodeDatagram({ ...probe, proof: 'ab'.repeat(16) }));
  await until(() => heard.length === 2, 'two challenges');
  t.deepEqual(incoming, []);
  const challenge = decodeDatagram(heard[0] ?? Buffer.alloc(0));
  if (challenge?.kind !== 'challenge') return t.fail('no challenge arrived');
  t.true((heard[0]?.length ?? 99) < encodeDatagram({ ...probe, proof: null }).length);
  say(encodeDatagram({ ...probe, token: 'ff02030405060708', proof: challenge.proof }));
  await until(() => heard.length === 3, 'a challenge for the wrong proof');
  t.deepEqual(incoming, []);
  say(encodeDatagram({ ...probe, proof: challenge.proof }));
  say(encodeDatagram({ ...probe, proof: challenge.proof }));
  await until(() => heard.length === 5, 'two acceptances');
  t.is(incoming.length, 1);
  t.deepEqual(heard[4], heard[3]);
  say(encodeDatagram({ kind: 'gone', token: probe.token }));
  t.true(await until(() => incoming[0]?.destroyed, 'the end of the stream'));
});

test('udp: given garbage and unexpected answers, then only an unexpected acceptance is answered', async (t) => {
  const { incoming, heard, say } = await stranger(t);
  const whole = encodeDatagram({ ...probe, proof: null });
  for (let length = 0; length < whole.length; length += 1) say(whole.subarray(0, length));
  say(Buffer.concat([whole, Buffer.of(0)]));
  say(Buffer.alloc(1_400, 0xff));
  say(encodeDatagram({ kind: 'punch' }));
  say(encodeDatagram({ kind: 'challenge', token: probe.token, proof: 'cd'.repeat(16) }));
  say(encodeDatagram({ kind: 'gone', token: probe.token }));
  say(encodeDatagram({ kind: 'accept', token: probe.token, stream: 9 }));
  await until(() => heard.length > 0, 'the answer');
  t.deepEqual(heard.map(decodeDatagram), [{ kind: 'gone', token: probe.token }]);
  t.deepEqual(incoming, []);
});

test('udp: given a device to punch for, then punches go to its addresses until aborted', async (t) => {
  const { carrier, heard, address } = await stranger(t);
  const aborted = new AbortController();
  const names = { ip: 'device.example', port: 1 };
  carrier.punch?.({ device, candidates: [names, address] }, aborted.signal);
  await until(() => heard.length >= 3, 'punches');
  aborted.abort();
  t.deepEqual(
    heard.slice(0, 3).map(decodeDatagram),
    Array.from({ length: 3 }, () => ({ kind: 'punch' })),
  );
});

test('udp: given names and too many addresses as candidates, then only a few literal addresses are tried', async (t) => {
  const carrier = onLoopback();
  t.teardown(() => carrier.close());
  const candidates = [
    { ip: 'tracker.example', port: 80 },
    ...Array.from({ length: 100 }, (_, port) => ({ ip: '::1', port: port + 1 })),
  ];
  const routes = carrier.routes({ device, candidates });
  t.is(routes.length, 16);
  t.is(routes[0]?.to, '[::1]:1');
});

test('udp: given all interfaces, then IPv4 and IPv6 peers connect to the same port', async (t) => {
  const far = createUdpCarrier({ clock: systemClock, schedule: systemSchedule, log: silentLog });
  const near = createUdpCarrier({ clock: systemClock, schedule: systemSchedule, log: silentLog });
  t.teardown(async () => {
    await Promise.all([near.close(), far.close()]);
  });
  const from: string[] = [];
  await far.listen((raw, address) => {
    raw.resume();
    from.push(address);
  });
  const [candidate] = far.addresses();
  for (const ip of ['127.0.0.1', '::1']) {
    const [route] = near.routes({ device, candidates: [{ ip, port: candidate?.port ?? 0 }] });
    const raw = await route?.connect(wanted());
    raw?.resume();
  }
  t.is(from.length, 2);
  t.regex(from[0] ?? '', /^127\.0\.0\.1:/);
  t.regex(from[1] ?? '', /^\[::1\]:/);
});

test('udp: given a reflector, then the carrier has a reflexive address; without one it has none', async (t) => {
  const reflector = createSocket('udp4');
  await new Promise<void>((resolve) => reflector.bind(0, '127.0.0.1', resolve));
  t.teardown(() => reflector.close());
  reflector.on('message', (bytes, from) => {
    const token = decodeQuestion(bytes);
    if (token === null) return;
    reflector.send(encodeReflection(token, { ip: from.address, port: from.port }), from.port, from.address);
  });
  const parts = { host: '127.0.0.1', clock: systemClock, schedule: systemSchedule, log: silentLog };
  const carrier = createUdpCarrier({ ...parts, reflector: '127.0.0.1' });
  t.teardown(() => carrier.close());
  await carrier.listen((raw) => raw.destroy());
  const own = carrier.addresses();
  const { port } = reflector.address();
  t.deepEqual(await carrier.reflexiveAddresses?.([port, port]), own);
  const withoutReflector = createUdpCarrier(parts);
  t.deepEqual(await withoutReflector.reflexiveAddresses?.([port]), []);
});

test('udp: given a NAT with another port for each peer, when a connection fails, then the reason says so', async (t) => {
  const reflectors = await Promise.all(
    [1, 2].map(async (port) => {
      const socket = createSocket('udp4');
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      t.teardown(() => socket.close());
      socket.on('message', (bytes, from) => {
        const answer = encodeReflection(decodeQuestion(bytes) ?? '', { ip: '203.0.113.5', port: port });
        socket.send(answer, from.port, from.address);
      });
      return socket.address().port;
    }),
  );
  const carrier = createUdpCarrier({
    host: '127.0.0.1',
    reflector: '127.0.0.1',
    clock: systemClock,
    schedule: systemSchedule,
    log: silentLog,
  });
  t.teardown(() => carrier.close());
  t.deepEqual(await carrier.reflexiveAddresses?.(reflectors), []);
  const candidates = [{ ip: '127.0.0.1', port: reflectors[0] ?? 0 }];
  const [route] = carrier.routes({ device, candidates });
  await t.throwsAsync(route?.connect(wanted()) ?? Promise.resolve(), {
    message: /uses a different port for each peer/,
  });
});

test('udp: given an address that this machine does not have, then punching does nothing and does not fail', async (t) => {
  // An address for documentation (RFC 5737).
  const carrier = createUdpCarrier({
    host: '192.0.2.1',
    clock: systemClock,
    schedule: systemSchedule,
    log: silentLog,
  });
  t.teardown(() => carrier.close());
  await t.throwsAsync(carrier.listen((raw) => raw.destroy()));
  const candidates = [{ ip: '127.0.0.1', port: 9 }];
  t.notThrows(() => carrier.punch?.({ device, candidates }, wanted()));
});
