// Frames written by hand as a dialling peer: how a link reacts to a peer that breaks the protocol.
import net from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type Channel, createChannel } from '../../../../client/links/handshake/channel.js';
import { type LinkFrame, type ResumeFrame, VERSION } from '../../../../client/links/session/frames.js';
import { initiateHandshake } from '../../../../client/links/handshake/noise.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import { until } from '../../../support/until.js';
import { type Device, deviceIdOf, keyPairInOrder, startDevice } from '../device.js';

interface Dialled {
  readonly channel: Channel;
  readonly frames: LinkFrame[];
  readonly write: (bytes: Uint8Array) => void;
}

interface Peer {
  readonly ben: Device;
  readonly dial: () => Promise<Dialled>;
}

const resume = (change: Partial<ResumeFrame> = {}): ResumeFrame => ({
  kind: 'resume',
  version: VERSION,
  epoch: 'first',
  attempt: 1,
  heard: null,
  ...change,
});

async function startPeer(t: ExecutionContext): Promise<Peer> {
  const [key, large] = keyPairInOrder();
  const ben = await startDevice(t, large);
  ben.meet({ id: deviceIdOf(key.publicKey), key, port: 1 });
  const dial = async (): Promise<Dialled> => {
    const socket = net.connect(ben.port, '127.0.0.1');
    t.teardown(() => socket.destroy());
    const opened = await initiateHandshake(
      socket,
      { key, publicKey: large.publicKey },
      new AbortController().signal,
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    const channel = createChannel(opened.value, systemSchedule);
    const frames: LinkFrame[] = [];
    channel.listen({ frame: (frame) => frames.push(frame), drained() {}, ended() {} });
    return { channel, frames, write: (bytes: Uint8Array) => void opened.value.stream.write(bytes) };
  };
  return { ben, dial };
}

const received = (frames: readonly LinkFrame[], kind: LinkFrame['kind']): boolean =>
  frames.some((frame) => frame.kind === kind);
const endedWith = (frames: readonly LinkFrame[], code: string): boolean =>
  frames.some((frame) => frame.kind === 'close' && frame.code === code);

test('hostile peer: given several connections of one pair, then the one with the highest number stays, in any order of arrival', async (t) => {
  const { ben, dial } = await startPeer(t);
  const [one, two, late] = [await dial(), await dial(), await dial()];
  one.channel.send(resume({ attempt: 1 }));
  await until(() => received(one.frames, 'resume'), 'the first to open');
  two.channel.send(resume({ attempt: 3 }));
  await until(() => endedWith(one.frames, 'superseded'), 'the first to be replaced');
  late.channel.send(resume({ attempt: 2 }));
  await until(() => endedWith(late.frames, 'superseded'), 'the late one to be refused');
  two.channel.send({ kind: 'data', first: 1, ack: 0, payloads: [Buffer.from('still here')] });
  await until(() => ben.got.includes('still here'), 'the one that stays');
  t.is(ben.links.list()[0]?.state, 'open');
});

test('hostile peer: given payloads on one connection, when they are sent again on the next, then they are delivered once', async (t) => {
  const { ben, dial } = await startPeer(t);
  const payloads = ['a', 'b'].map((text) => Buffer.from(text));
  for (const attempt of [1, 2]) {
    const { channel, frames } = await dial();
    channel.send(resume({ attempt }));
    channel.send({ kind: 'data', first: 1, ack: 0, payloads });
    await until(() => frames.some((frame) => frame.kind === 'ack' && frame.ack === 2), 'the acknowledgement');
    channel.destroy();
    await until(() => ben.links.list()[0]?.state === 'closed', 'the end of the connection');
  }
  t.deepEqual(ben.got, ['a', 'b']);
});

test('hostile peer: given a device with the larger key that dials, then it is refused', async (t) => {
  const [small, large] = keyPairInOrder();
  const ann = await startDevice(t, small);
  ann.meet({ id: deviceIdOf(large.publicKey), key: large, port: 1 });
  const socket = net.connect(ann.port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  await initiateHandshake(socket, { key: large, publicKey: small.publicKey }, new AbortController().signal);
  await until(() => ann.refused.some(({ code }) => code === 'not-introduced'), 'the refusal');
  t.deepEqual(
    ann.refused.map(({ code }) => code),
    ['not-introduced'],
  );
  t.deepEqual(ann.got, []);
});

test('hostile peer: given no frame after the handshake, then the link does not open', async (t) => {
  const { ben, dial } = await startPeer(t);
  await dial();
  await until(() => ben.refused.some(({ code }) => code === 'timeout'), 'the refusal');
  t.is(ben.links.list()[0]?.state, 'dialing');
});

test('hostile peer: given a first frame that is not a resume, then the peer is refused', async (t) => {
  const { ben, dial } = await startPeer(t);
  const { channel, frames } = await dial();
  channel.send({ kind: 'data', first: 1, ack: 0, payloads: [Buffer.from('early')] });
  await until(() => endedWith(frames, 'malformed'), 'the end');
  t.deepEqual(ben.got, []);
  t.is(ben.refused[0]?.code, 'malformed');
});

test('hostile peer: given another version, then the peer is refused', async (t) => {
  const { dial } = await startPeer(t);
  const { channel, frames } = await dial();
  channel.send(resume({ version: VERSION + 1 }));
  t.truthy(await until(() => endedWith(frames, 'malformed'), 'the end'));
});

const breaches: readonly (readonly [string, LinkFrame | Buffer])[] = [
  ['sends bytes that are not a frame', Buffer.from('not cbor at all')],
  ['sends an empty message', Buffer.alloc(0)],
  ['resumes twice', resume({ attempt: 9 })],
  ['leaves payloads out', { kind: 'data', first: 5, ack: 0, payloads: [Buffer.from('x')] }],
  ['acknowledges what was never sent', { kind: 'ack', ack: 12 }],
];

for (const [breaks, breach] of breaches)
  test(`hostile peer: given a peer that ${breaks}, then the link closes as malformed on both sides`, async (t) => {
    const { ben, dial } = await startPeer(t);
    const { channel, frames, write } = await dial();
    channel.send(resume());
    await until(() => received(frames, 'resume'), 'the link');
    if (Buffer.isBuffer(breach)) write(breach);
    else channel.send(breach);
    await until(() => ben.links.list()[0]?.reason.code === 'malformed', 'the reason');
    await until(() => endedWith(frames, 'malformed'), 'the reason at the other side');
    t.is(ben.links.list()[0]?.state, 'closed');
  });

test('hostile peer: given a slow listener, then payloads are acknowledged only when it has handled them', async (t) => {
  const { ben, dial } = await startPeer(t);
  let finish: () => void = () => t.fail('no payload arrived');
  const handled = new Promise<void>((resolve) => {
    finish = resolve;
  });
  ben.links.events.on('messages', () => handled);
  const { channel, frames } = await dial();
  channel.send(resume());
  channel.send({ kind: 'data', first: 1, ack: 0, payloads: [Buffer.from('slow')] });
  channel.send({ kind: 'ping', id: 7 });
  await until(() => ben.got.includes('slow') && received(frames, 'pong'), 'the payload and a pong');
  t.false(received(frames, 'ack'));
  finish();
  await until(() => received(frames, 'ack'), 'the acknowledgement');
});

test('hostile peer: given a peer that proves another key than the introduced one, then it is refused', async (t) => {
  const { ben } = await startPeer(t);
  const socket = net.connect(ben.port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  const opened = await initiateHandshake(
    socket,
    { key: generateSigningKey(), publicKey: ben.key.publicKey },
    new AbortController().signal,
  );
  t.true(opened.ok, 'the handshake alone succeeds for any key');
  await until(() => ben.refused.some(({ code }) => code === 'not-introduced'), 'the refusal');
  t.deepEqual(
    ben.links.list().map(({ state }) => state),
    ['dialing'],
  );
});
