import test from 'ava';
import * as fc from 'fast-check';
import { type Datagram, decodeDatagram, encodeDatagram } from '../../../../client/links/udp/datagrams.js';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value).toString('hex'));
const token = hex(8);
const proof = hex(16).filter((value) => !/^0+$/.test(value));
const stream = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const datagram: fc.Arbitrary<Datagram> = fc.oneof(
  fc.record({ kind: fc.constant('probe' as const), token, stream, proof: fc.option(proof) }),
  fc.record({ kind: fc.constant('challenge' as const), token, proof }),
  fc.record({ kind: fc.constant('accept' as const), token, stream }),
  fc.record({ kind: fc.constant('gone' as const), token }),
  fc.constant({ kind: 'punch' as const }),
);

test('udp datagrams: whatever one side says, the other reads the same', (t) => {
  fc.assert(
    fc.property(datagram, (said) => {
      const bytes = encodeDatagram(said);
      t.not(bytes[0], 0xff);
      t.deepEqual(decodeDatagram(bytes), said);
    }),
  );
});

test('udp datagrams: given any bytes, then they are a datagram that encodes to the same bytes, or none', (t) => {
  const bytes = fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.uint8Array({ maxLength: 30 }))
    .map(([kind, rest]) => Buffer.from([0x50, 0x4c, 0x59, 1, kind, ...rest]));
  fc.assert(
    fc.property(bytes, (given) => {
      const read = decodeDatagram(given);
      if (read !== null) t.deepEqual(encodeDatagram(read), given);
    }),
  );
  t.pass('also where none of them was a datagram');
});
