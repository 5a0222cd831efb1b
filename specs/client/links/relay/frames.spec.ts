import test from 'ava';
import * as fc from 'fast-check';
import {
  decodeRelayFrame,
  encodeRelayFrame,
  type RelayFrame,
} from '../../../../client/links/relay/frames.js';

const number = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const frame: fc.Arbitrary<RelayFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    granted: number,
    version: fc.integer({ min: 0, max: 255 }),
  }),
  fc.record({ kind: fc.constantFrom('accept' as const, 'grant' as const), granted: number }),
  fc.record({
    kind: fc.constant('chunk' as const),
    at: number,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ kind: fc.constant('end' as const), at: number }),
  fc.constant({ kind: 'reset' as const }),
);

test('relay frames: given any frame, when it is encoded and decoded, then it is the same', (t) => {
  fc.assert(
    fc.property(frame, (given) => {
      t.deepEqual(decodeRelayFrame(encodeRelayFrame(given)), given);
    }),
  );
});

test('relay frames: given any bytes, then they decode to a frame that encodes to the same bytes, or to null', (t) => {
  const bytes = fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.uint8Array({ maxLength: 12 }))
    .map(([kind, rest]) => Buffer.from([kind, ...rest]));
  fc.assert(
    fc.property(bytes, (given) => {
      const read = decodeRelayFrame(given);
      if (read !== null) t.deepEqual(encodeRelayFrame(read), given);
    }),
  );
  t.is(decodeRelayFrame(Buffer.alloc(0)), null);
});
