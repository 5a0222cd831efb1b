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

test('UDP datagrams: given any datagram, when it is encoded and decoded, then it is the same', (t) => {
  fc.assert(
    fc.property(datagram, (given) => {
      const bytes = encodeDatagram(given);
      t.not(bytes[0], 0xff);
      t.deepEqual(decodeDatagram(bytes), given);
    }),
  );
});

test('UDP datagrams: given any bytes, then they decode to a datagram that encodes to the same bytes, or to null', (t) => {
  const bytes = fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.uint8Array({ maxLength: 30 }))
    .map(([kind, rest]) => Buffer.from([0x50, 0x4c, 0x59, 1, kind, ...rest]));
  fc.assert(
    fc.property(bytes, (given) => {
      const read = decodeDatagram(given);
      if (read !== null) t.deepEqual(encodeDatagram(read), given);
    }),
  );
  t.pass('runs without a datagram pass too');
});
