import test from 'ava';
import * as fc from 'fast-check';
import {
  type AckFrame,
  type DataFrame,
  decodeLinkFrame,
  encodeLinkFrame,
} from '../../../../client/links/session/frames.js';
import { PAYLOAD_LIMIT_BYTES, QUEUE_LIMIT_BYTES, WINDOW_BYTES } from '../../../../client/links/limits.js';
import {
  createReliableDelivery,
  type ReceivedBatch,
  type ReliableDelivery,
} from '../../../../client/links/session/delivery.js';
import { holds } from '../../../support/property.js';

// One end: its delivery, the batches that its upper layer received and has not handled, and the frames in flight to the other end.
interface End {
  readonly delivery: ReliableDelivery;
  readonly got: number[];
  readonly unhandled: ReceivedBatch[];
  readonly outgoing: (DataFrame | AckFrame)[];
  sent: number;
}

const newEnd = (epoch: string): End => ({
  delivery: createReliableDelivery(epoch),
  got: [],
  unhandled: [],
  outgoing: [],
  sent: 0,
});

const numbered = (number: number, size: number): Buffer => {
  const bytes = Buffer.alloc(4 + size);
  bytes.writeUInt32BE(number);
  return bytes;
};

function say(end: End, size: number): void {
  if (end.delivery.offer(numbered(end.sent, size))) end.sent += 1;
}

function write(end: End, acknowledgeNow: boolean): void {
  const frame = end.delivery.next(acknowledgeNow);
  if (frame !== null) end.outgoing.push(frame);
}

/** Delivers the next frame in flight to `end`, encoded and decoded as on the wire. */
function arrive(end: End, from: End): void {
  const frame = from.outgoing.shift();
  if (frame === undefined) return;
  const parsed = decodeLinkFrame(encodeLinkFrame(frame));
  if (parsed?.kind !== 'data' && parsed?.kind !== 'ack') throw new Error('a frame was not decoded again');
  const received = end.delivery.receive(parsed);
  if (received.kind === 'violation') throw new Error(received.message);
  if (received.batch === null) return;
  end.unhandled.push(received.batch);
  end.got.push(...received.batch.payloads.map((payload) => payload.readUInt32BE()));
}

function handle(end: End): void {
  const batch = end.unhandled.shift();
  if (batch !== undefined) end.delivery.handled(batch.ticket);
}

/** The carrier fails with everything in flight, and a new one replaces it. */
function reconnect(one: End, other: End): void {
  for (const end of [one, other]) {
    end.outgoing.length = 0;
    end.delivery.detach();
  }
  const [hello, answer] = [one.delivery.greeting(1), other.delivery.greeting(1)];
  for (const resumed of [one.delivery.resume(answer), other.delivery.resume(hello)])
    if (resumed.kind === 'violation') throw new Error(resumed.message);
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant('say' as const), size: fc.integer({ min: 0, max: 300 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('say' as const), size: fc.integer({ min: 0, max: 65_000 }) }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('write' as const), acks: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constantFrom('arrive' as const, 'handle' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reconnect' as const) }) },
);

test('delivery: given carriers that fail at any moment, then every payload arrives exactly once and in order', async (t) => {
  await holds(
    t,
    fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 200 }), (steps) => {
      const [ann, ben] = [newEnd('ann'), newEnd('ben')];
      for (const [action, isAnn] of steps) {
        const [end, other] = isAnn ? [ann, ben] : [ben, ann];
        if (action.does === 'say') say(end, action.size);
        else if (action.does === 'write') write(end, action.acks);
        else if (action.does === 'arrive') arrive(end, other);
        else if (action.does === 'handle') handle(end);
        else reconnect(ann, ben);
        for (const [sender, taker] of [[ann, ben] as const, [ben, ann] as const])
          if (!taker.got.every((number, index) => number === index) || taker.got.length > sender.sent)
            throw new Error(`got ${taker.got.join()} of ${sender.sent}`);
      }
      reconnect(ann, ben);
      for (let round = 0; ann.delivery.queued() + ben.delivery.queued() > 0; round += 1) {
        if (round > 1_000) throw new Error('delivery does not finish');
        for (const [end, other] of [[ann, ben] as const, [ben, ann] as const]) {
          write(end, true);
          arrive(other, end);
          handle(other);
        }
      }
      return ann.got.length === ben.sent && ben.got.length === ann.sent;
    }),
  );
});

test('delivery: given a new carrier, then nothing is sent before the peer has sent its resume frame', (t) => {
  const end = newEnd('ann');
  say(end, 1);
  end.delivery.greeting(1);
  t.is(end.delivery.next(true), null);
});

test('delivery: given payloads of one turn of the event loop, then they leave in one frame', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  reconnect(ann, ben);
  for (const size of range(50)) say(ann, size);
  const frame = ann.delivery.next(false);
  t.is(frame?.kind === 'data' ? frame.payloads.length : 0, 50);
  t.is(ann.delivery.next(false), null);
});

test('delivery: given a full frame of the longest payloads, then it stays within the frame limit', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  reconnect(ann, ben);
  t.true(ann.delivery.offer(Buffer.alloc(PAYLOAD_LIMIT_BYTES)));
  for (let size = 0; size < 3_000; size += 1) ann.delivery.offer(Buffer.alloc(size % 40));
  for (let frame = ann.delivery.next(false); frame !== null; frame = ann.delivery.next(false))
    t.not(decodeLinkFrame(encodeLinkFrame(frame)), null);
  t.throws(() => ann.delivery.offer(Buffer.alloc(PAYLOAD_LIMIT_BYTES + 1)));
});

test('delivery: given a peer that does not handle payloads, then no more than the window is in flight', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  reconnect(ann, ben);
  while (ann.delivery.offer(Buffer.alloc(1_000)));
  let bytes = 0;
  for (let frame = ann.delivery.next(false); frame !== null; frame = ann.delivery.next(false)) {
    if (frame.kind === 'data') bytes += frame.payloads.length * 1_000;
    ann.outgoing.push(frame);
  }
  t.true(bytes > WINDOW_BYTES / 2 && bytes <= WINDOW_BYTES);
  while (ann.outgoing.length > 0) arrive(ben, ann);
  while (ben.unhandled.length > 0) handle(ben);
  write(ben, false);
  arrive(ann, ben);
  t.is(ann.delivery.next(false)?.kind, 'data');
});

test('delivery: given a peer that is a new process, then the restart is reported, the queue is dropped and numbering starts over', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  reconnect(ann, ben);
  for (const size of range(5)) say(ann, size);
  write(ann, false);
  arrive(ben, ann);
  say(ann, 1);
  const again = newEnd('ben again');
  ann.delivery.detach();
  const hello = ann.delivery.greeting(2);
  const resumed = ann.delivery.resume(again.delivery.greeting(2));
  t.like(resumed, { kind: 'resumed', isRestarted: true });
  t.like(again.delivery.resume(hello), { kind: 'resumed', isRestarted: false });
  t.is(ann.delivery.queued(), 0);
  say(ann, 1);
  ann.outgoing.length = 0;
  write(ann, false);
  arrive(again, ann);
  t.is(again.got.length, 1);
});

test('delivery: given a queue for a peer that never connected, when it connects, then the queue is sent', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  for (const size of range(3)) say(ann, size);
  reconnect(ann, ben);
  write(ann, false);
  arrive(ben, ann);
  t.deepEqual(ben.got, [0, 1, 2]);
});

test('delivery: given a batch of an earlier process of the peer, when it is handled late, then nothing is acknowledged', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  reconnect(ann, ben);
  say(ben, 1);
  write(ben, false);
  arrive(ann, ben);
  ann.delivery.resume(newEnd('ben again').delivery.greeting(2));
  handle(ann);
  t.false(ann.delivery.owesAck());
});

for (const [title, frame] of [
  ['acknowledges what was never sent', { kind: 'ack', ack: 7 }],
  ['leaves payloads out', { kind: 'data', first: 3, ack: 0, payloads: [Buffer.from('x')] }],
  [
    'sends more than the window allows',
    { kind: 'data', first: 1, ack: 0, payloads: range(20_000).map(() => Buffer.alloc(0)) },
  ],
] as const)
  test(`delivery: given a peer that ${title}, then that is a violation`, (t) => {
    const [ann, ben] = [newEnd('ann'), newEnd('ben')];
    reconnect(ann, ben);
    const mutable = frame.kind === 'data' ? { ...frame, payloads: [...frame.payloads] } : frame;
    t.is(ann.delivery.receive(mutable).kind, 'violation');
  });

test('delivery: given a full queue, then room is reported once, when half of it is free', (t) => {
  const [ann, ben] = [newEnd('ann'), newEnd('ben')];
  reconnect(ann, ben);
  let bytes = 0;
  while (ann.delivery.offer(Buffer.alloc(1_000))) bytes += 1_000;
  t.true(bytes > QUEUE_LIMIT_BYTES / 2 && bytes <= QUEUE_LIMIT_BYTES);
  let reports = 0;
  while (ann.delivery.queued() > 0) {
    write(ann, false);
    arrive(ben, ann);
    handle(ben);
    const ack = ben.delivery.next(true);
    if (ack?.kind !== 'ack') continue;
    const received = ann.delivery.receive(ack);
    if (received.kind === 'taken' && received.hasRoomAgain) reports += 1;
  }
  t.is(reports, 1);
});
