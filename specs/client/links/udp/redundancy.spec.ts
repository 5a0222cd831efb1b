import test from 'ava';
import * as fc from 'fast-check';
import { createRedundancySender, createRedundancyReceiver } from '../../../../client/links/udp/redundancy.js';
import { createTime } from '../../../support/time.js';
import { holds } from '../../../support/property.js';

test('redundancy: given small writes, then copies of the last bytes are sent until they are acknowledged', async (t) => {
  const copies: Buffer[] = [];
  let isOwed = true;
  const time = createTime();
  const sender = createRedundancySender({
    send: (copy) => void copies.push(copy),
    isOwed: () => isOwed,
    maxBytes: () => 1_152,
    nowMs: () => time.now(),
    schedule: time.schedule,
  });
  sender.wrote(Buffer.from('one'));
  sender.wrote(Buffer.from('two'));
  await time.pass(60);
  t.is(copies.length, 2);
  const [first] = copies;
  t.is(
    createRedundancyReceiver()
      .fromCopy(first ?? Buffer.alloc(0))
      .toString(),
    'onetwo',
  );
  isOwed = false;
  sender.wrote(Buffer.from('three'));
  const before = copies.length;
  await time.pass(1_000);
  t.is(copies.length, before);
  sender.stop();
});

test('redundancy: given a path that carries small packets only, then no copy is longer than one of them', async (t) => {
  const copies: Buffer[] = [];
  const time = createTime();
  const sender = createRedundancySender({
    send: (copy) => void copies.push(copy),
    isOwed: () => true,
    maxBytes: () => 500,
    nowMs: () => time.now(),
    schedule: time.schedule,
  });
  for (let count = 0; count < 3; count += 1) sender.wrote(Buffer.alloc(300));
  await time.pass(1_000);
  t.true(copies.length > 0);
  t.true(copies.every(({ length }) => length <= 500));
  sender.stop();
});

test('redundancy: given a dense stream or a large write, then no copies are sent', async (t) => {
  const copies: Buffer[] = [];
  const time = createTime();
  const sender = createRedundancySender({
    send: (copy) => void copies.push(copy),
    isOwed: () => true,
    maxBytes: () => 1_152,
    nowMs: () => time.now(),
    schedule: time.schedule,
  });
  sender.wrote(Buffer.alloc(1_001));
  for (let count = 0; count < 20; count += 1) sender.wrote(Buffer.alloc(500));
  await time.pass(1_000);
  t.deepEqual(copies, []);
  sender.stop();
});

test('redundancy: given copies at any time, then the bytes of the stream are delivered once and in order', async (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('stream' as const), length: fc.nat(40) }),
    fc.record({ kind: fc.constant('copy' as const), start: fc.nat(400), length: fc.nat(40) }),
  );
  await holds(
    t,
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const whole = Buffer.from(Array.from({ length: 2_000 }, (_, index) => index % 251));
      const receiver = createRedundancyReceiver();
      const out: Buffer[] = [];
      let streamed = 0;
      for (const one of steps) {
        if (one.kind === 'stream') {
          out.push(receiver.fromStream(whole.subarray(streamed, streamed + one.length)));
          streamed += one.length;
        } else {
          const head = Buffer.alloc(6);
          head.writeUIntBE(one.start, 0, 6);
          out.push(
            receiver.fromCopy(Buffer.concat([head, whole.subarray(one.start, one.start + one.length)])),
          );
        }
      }
      const got = Buffer.concat(out);
      return got.length >= streamed && got.equals(whole.subarray(0, got.length));
    }),
  );
});

test('redundancy: given a copy that is empty or too long, then it delivers nothing', (t) => {
  const receiver = createRedundancyReceiver();
  for (const length of [0, 6, 1_007]) t.is(receiver.fromCopy(Buffer.alloc(length)).length, 0);
});
