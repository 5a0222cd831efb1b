import test from 'ava';
import * as fc from 'fast-check';
import {
  decodePathMessage,
  encodePathMessage,
  isPathMessage,
  type PathMessage,
} from '../../../../client/links/udp/path-messages.js';
import { createRedundancyReceiver } from '../../../../client/links/udp/redundancy.js';

const messages: readonly PathMessage[] = [
  { kind: 'size', bytes: 1_152 },
  { kind: 'size-echo', bytes: 752 },
  { kind: 'count', sent: 123_456_789_012 },
  { kind: 'count-echo', sent: 300, received: 299 },
];

for (const message of messages) {
  test(`path messages: ${message.kind} is read as it was written, and earlier versions ignore it`, (t) => {
    const bytes = encodePathMessage(message);
    t.deepEqual(decodePathMessage(bytes), message);
    const receiver = createRedundancyReceiver();
    t.is(receiver.fromCopy(bytes).length, 0);
    t.is(receiver.fromStream(Buffer.from('whole')).toString(), 'whole');
  });
}

test('path messages: given any bytes, then they are read or refused, and never throw', (t) => {
  const head = Buffer.alloc(6, 0xff);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (rest) => {
      const bytes = Buffer.concat([head, rest]);
      const message = decodePathMessage(bytes);
      return isPathMessage(bytes) && (message === null || encodePathMessage(message).length === bytes.length);
    }),
  );
  t.is(decodePathMessage(Buffer.alloc(0)), null);
  t.is(decodePathMessage(Buffer.concat([head, Buffer.alloc(2_000)])), null);
});
