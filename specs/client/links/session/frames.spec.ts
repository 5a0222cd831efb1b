import test from 'ava';
import { encode, Tag } from 'cbor-x';
import * as fc from 'fast-check';
import { decodeLinkFrame, encodeLinkFrame } from '../../../../client/links/session/frames.js';
import { FRAME_LIMIT_BYTES, PAYLOAD_LIMIT_BYTES } from '../../../../client/links/limits.js';
import { holds } from '../../../support/property.js';

const count = fc.maxSafeNat();
const epoch = fc.string({ minLength: 1, maxLength: 40 });

const frame = fc.oneof(
  fc.record({ kind: fc.constantFrom('ping' as const, 'pong' as const), id: count }),
  fc.record({ kind: fc.constant('ack' as const), ack: count }),
  fc.record({
    kind: fc.constant('close' as const),
    code: fc.constantFrom(
      'not-introduced' as const,
      'malformed' as const,
      'superseded' as const,
      'leaving' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('resume' as const),
    version: count,
    epoch,
    attempt: count,
    heard: fc.option(fc.record({ epoch, upTo: count })),
  }),
  fc.record({
    kind: fc.constant('data' as const),
    first: fc.integer({ min: 1 }),
    ack: count,
    payloads: fc.array(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      { minLength: 1 },
    ),
  }),
);

test('link frames: given any frame, when it is encoded and decoded, then it is the same', (t) => {
  fc.assert(
    fc.property(frame, (given) => {
      t.deepEqual(decodeLinkFrame(encodeLinkFrame(given)), given);
    }),
  );
});

test('link frames: given any bytes, then decoding never throws', async (t) => {
  await holds(
    t,
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      const read = decodeLinkFrame(Buffer.from(bytes));
      return read === null || typeof read.kind === 'string';
    }),
    { numRuns: 2_000 },
  );
});

test('link frames: given a frame with bytes changed, cut or added, then decoding never throws', async (t) => {
  await holds(
    t,
    fc.property(
      frame,
      fc.nat(),
      fc.nat(255),
      fc.integer({ min: -20, max: 20 }),
      (given, at, byte, longer) => {
        const bytes = Buffer.from(encodeLinkFrame(given));
        bytes[at % bytes.length] = byte;
        const resized =
          longer < 0 ? bytes.subarray(0, longer) : Buffer.concat([bytes, Buffer.alloc(longer, byte)]);
        const read = decodeLinkFrame(resized);
        return read === null || typeof read.kind === 'string';
      },
    ),
    { numRuns: 2_000 },
  );
});

const refused: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['an unknown kind', encode({ kind: 'shout', id: 1 })],
  ['a number', encode(7)],
  ['a wrong type', encode({ kind: 'ping', id: 'one' })],
  ['a negative number', encode({ kind: 'ping', id: -1 })],
  ['a fraction', encode({ kind: 'ping', id: 0.5 })],
  ['an infinite number', encode({ kind: 'ping', id: Number.POSITIVE_INFINITY })],
  ['a missing field', encode({ kind: 'ping' })],
  ['a date for a number', encode({ kind: 'ping', id: new Date() })],
  ['a tagged value', encode({ kind: 'ping', id: new Tag(1, 4_000) })],
  ['a huge integer', encode({ kind: 'ping', id: 2n ** 200n })],
  ['text for bytes', encode({ kind: 'data', first: 1, ack: 0, payloads: ['text'] })],
  ['no payload', encode({ kind: 'data', first: 1, ack: 0, payloads: [] })],
  ['payload number zero', encode({ kind: 'data', first: 0, ack: 0, payloads: [Buffer.alloc(1)] })],
  [
    'a payload that is too long',
    encode({ kind: 'data', first: 1, ack: 0, payloads: [Buffer.alloc(PAYLOAD_LIMIT_BYTES + 1)] }),
  ],
  ['a frame that is too long', encode({ kind: 'ping', id: 1, more: Buffer.alloc(FRAME_LIMIT_BYTES) })],
  ['deeply nested arrays', Buffer.alloc(60_000, 0x81)],
  ['an array longer than its bytes', Buffer.from([0x9a, 0xff, 0xff, 0xff, 0xff, 0x00])],
  ['an array of indefinite length', Buffer.from([0x9f, 0x01, 0xff])],
  ['two items', Buffer.concat([encode({ kind: 'ping', id: 1 }), encode(1)])],
];

for (const [input, bytes] of refused)
  test(`link frames: given ${input}, then it decodes to null`, (t) => {
    t.is(decodeLinkFrame(bytes), null);
  });

test('link frames: given an unknown field, then it is ignored', (t) => {
  t.deepEqual(decodeLinkFrame(encode({ kind: 'ping', id: 1, colour: 'red' })), { kind: 'ping', id: 1 });
});
