import net from 'node:net';
import SecretStream from '@hyperswarm/secret-stream';
import test, { type ExecutionContext } from 'ava';
import { HALF_OPEN_LIMITS } from '../../../../client/links/limits.js';
import { initiateHandshake } from '../../../../client/links/handshake/noise.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { until } from '../../../support/until.js';
import { type Device, keyPairInOrder, startDevice, startPair } from '../device.js';
import { startWire } from '../wire.js';

const wanted = new AbortController().signal;

async function connectTo(t: ExecutionContext, port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  await until(() => !socket.connecting, 'a connection');
  socket.resume();
  return socket;
}

async function serve(t: ExecutionContext, answer: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    answer(socket);
  });
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

const reasonOf = (device: Device, other: Device): string | undefined => device.link(other)?.reason.code;

test('handshake: given an impostor at the dialled address, then the reason is wrong-key and nothing is sent', async (t) => {
  const [ann, ben] = await startPair(t);
  const eve = await startDevice(t, generateSigningKey());
  eve.meet(ann);
  ann.meet(ben, eve.port);
  ann.say(ben, 'secret');
  await until(() => reasonOf(ann, ben) === 'wrong-key', 'the reason');
  t.regex(ann.link(ben)?.reason.message ?? '', /could not prove that it is the expected one.*127\.0\.0\.1/);
  t.deepEqual(eve.got, []);
  t.is(ann.link(ben)?.queued, 1);
});

test('handshake: given an impostor that answers with bytes of the right length, then the reason is wrong-key', async (t) => {
  const [ann, ben] = await startPair(t);
  const port = await serve(t, (socket) => {
    socket.once('data', () => socket.write(Buffer.concat([Buffer.from([48, 0, 0]), Buffer.alloc(48, 7)])));
  });
  ann.meet(ben, port);
  await until(() => reasonOf(ann, ben) === 'wrong-key', 'the reason');
  t.regex(ann.link(ben)?.reason.message ?? '', /could not prove that it is the expected one.*127\.0\.0\.1/);
});

test('handshake: given a dialling device whose key is not introduced, then it is refused and both sides see the reason', async (t) => {
  const [small, large] = keyPairInOrder();
  const [eve, ben] = [await startDevice(t, small), await startDevice(t, large)];
  const ann = await startDevice(t, generateSigningKey());
  ben.meet(ann, 1);
  eve.meet(ben);
  eve.say(ben, 'it is me, Ann');
  await until(() => reasonOf(eve, ben) === 'not-introduced', 'the reason at the dialling side');
  await until(
    () => ben.refused.some(({ code }) => code === 'not-introduced'),
    'the reason at the dialled side',
  );
  t.deepEqual(ben.got, []);
});

test('handshake: given a device that claims a key without holding it, then the handshake fails', async (t) => {
  const [ann, ben] = await startPair(t);
  ben.meet(ann);
  const secretKey = SecretStream.keyPair(generateSigningKey().seed).secretKey;
  const stream = new SecretStream(true, await connectTo(t, ben.port), {
    keyPair: { publicKey: ann.key.publicKey, secretKey },
    pattern: 'IK',
    remotePublicKey: ben.key.publicKey,
  });
  stream.on('error', () => stream.destroy());
  t.false(await stream.opened);
  await until(() => ben.refused.length > 0, 'the refusal');
  t.is(ben.refused[0]?.code, 'handshake-failed');
});

test('handshake: given the recorded bytes of an honest link, when they are replayed, then they are refused and the link stays open', async (t) => {
  const [ann, ben] = await startPair(t);
  const wire = await startWire(t, ben.port);
  ben.meet(ann);
  ann.meet(ben, wire.port);
  ann.say(ben, 'once');
  await until(() => ben.got.includes('once'), 'the honest link');
  const replayed = await connectTo(t, ben.port);
  replayed.write(Buffer.concat(wire.fromDialler));
  await until(() => ben.refused.some(({ code }) => code === 'handshake-failed'), 'the refusal');
  await until(() => replayed.closed, 'the end of the replay');
  t.deepEqual(ben.got, ['once']);
  t.is(reasonOf(ben, ann), 'connected');
  t.is(ann.states.filter(({ state }) => state === 'open').length, 1);
});

for (const [direction, isFromDialler] of [
  ['towards the dialled side', true],
  ['towards the dialling side', false],
] as const)
  test(`handshake: given an open link, when a bit is flipped ${direction}, then that side sees corrupted, and the link recovers without loss`, async (t) => {
    const [ann, ben] = await startPair(t);
    const wire = await startWire(t, ben.port);
    ben.meet(ann);
    ann.meet(ben, wire.port);
    ann.say(ben, 'before');
    await until(() => ben.got.includes('before') && ann.link(ben)?.rttMs !== null, 'the link');
    wire.alter((chunk, side) => {
      if (side !== isFromDialler) return chunk;
      const last = chunk.length - 1;
      chunk[last] = (chunk[last] ?? 0) ^ 1;
      wire.alter((next) => next);
      return chunk;
    });
    const [from, to] = isFromDialler ? [ann, ben] : [ben, ann];
    from.say(to, 'flipped on the way');
    await until(() => to.states.some(({ reason }) => reason.code === 'corrupted'), 'the reason');
    await until(() => to.got.includes('flipped on the way'), 'the payload, sent again');
    t.regex(
      to.states.find(({ reason }) => reason.code === 'corrupted')?.reason.message ?? '',
      /altered on the way/,
    );
    t.is(to.got.filter((text) => text === 'flipped on the way').length, 1);
  });

test('handshake: given a stream cut during the handshake, then the reason is abandoned', async (t) => {
  const [ann, ben] = await startPair(t);
  const port = await serve(t, (socket) => {
    socket.once('data', () => socket.end(Buffer.from([48, 0, 0, 1, 2, 3])));
  });
  ann.meet(ben, port);
  await until(() => reasonOf(ann, ben) === 'abandoned', 'the reason');
  t.deepEqual(ben.got, []);
});

test('handshake: given an open link, when its stream is cut, then both sides see closed and the link opens again', async (t) => {
  const [ann, ben] = await startPair(t);
  const wire = await startWire(t, ben.port);
  ben.meet(ann);
  ann.meet(ben, wire.port);
  await until(() => reasonOf(ann, ben) === 'connected' && reasonOf(ben, ann) === 'connected', 'the link');
  wire.cut();
  for (const device of [ann, ben])
    await until(() => device.states.some(({ reason }) => reason.code === 'closed'), 'the reason');
  t.truthy(await until(() => reasonOf(ann, ben) === 'connected', 'the link again'));
});

test('handshake: given another program at the address, then the reason is handshake-failed', async (t) => {
  const [ann, ben] = await startPair(t);
  const port = await serve(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  ann.meet(ben, port);
  await until(() => reasonOf(ann, ben) === 'handshake-failed', 'the reason');
  t.regex(ann.link(ben)?.reason.message ?? '', /not a Partyline handshake/);
});

for (const [name, bytes] of [
  ['text', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['a huge length', Buffer.from([255, 255, 255, 0])],
  ['noise of the right length', Buffer.concat([Buffer.from([96, 0, 0]), Buffer.alloc(96, 9)])],
] as const)
  test(`handshake: given a connection that begins with ${name}, then it is closed with the reason`, async (t) => {
    const [, ben] = await startPair(t);
    const socket = await connectTo(t, ben.port);
    socket.write(bytes);
    await until(() => socket.closed, 'the end');
    await until(() => ben.refused.some(({ code }) => code === 'handshake-failed'), 'the reason');
    t.regex(ben.refused[0]?.message ?? '', /127\.0\.0\.1/);
  });

test('handshake: given an introduced device that announces a message beyond the limit, then the link closes as malformed', async (t) => {
  const [small, large] = keyPairInOrder();
  const ben = await startDevice(t, large);
  const ann = await startDevice(t, small);
  ben.meet(ann);
  const opened = await initiateHandshake(
    await connectTo(t, ben.port),
    { key: small, publicKey: large.publicKey },
    wanted,
  );
  if (!opened.ok) {
    t.fail(opened.failure.message);
    return;
  }
  opened.value.stream.on('error', () => {});
  opened.value.stream.write(Buffer.alloc(1_000_000));
  await until(() => ben.refused.some(({ code }) => code === 'malformed'), 'the reason');
  t.deepEqual(ben.got, []);
});

test('handshake: given hundreds of half-open connections, then their number is bounded, and an honest peer still opens a link', async (t) => {
  const [ann, ben] = await startPair(t);
  const flood = await Promise.all(Array.from({ length: 300 }, () => connectTo(t, ben.port)));
  await until(
    () => flood.filter((socket) => !socket.closed).length <= HALF_OPEN_LIMITS.perOrigin,
    'the oldest to be refused',
  );
  ben.meet(ann);
  ann.meet(ben);
  ann.say(ben, 'through the flood');
  await until(() => ben.got.includes('through the flood'), 'the honest peer');
  t.truthy(await until(() => flood.every((socket) => socket.closed), 'the rest to run out of time'));
});
