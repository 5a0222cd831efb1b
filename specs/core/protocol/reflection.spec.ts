import test from 'ava';
import * as fc from 'fast-check';
import {
  decodeQuestion,
  decodeReflection,
  encodeQuestion,
  encodeReflection,
} from '../../../core/protocol/reflection.js';

const token = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
// Addresses as Node writes them: the URL standard's form, which embeds no IPv4 address.
const ipv6 = fc.ipV6().map((ip) => new URL(`http://[${ip}]`).hostname.slice(1, -1));
const address = fc.record({ ip: fc.oneof(fc.ipV4(), ipv6), port: fc.integer({ min: 1, max: 65_535 }) });

test('reflection: a request and an answer are read back the same, and the answer is no longer than the request', (t) => {
  fc.assert(
    fc.property(token, address, (asked, seen) => {
      const question = encodeQuestion(asked);
      t.is(decodeQuestion(question), asked);
      t.is(decodeReflection(question), null);
      const answer = encodeReflection(asked, seen);
      t.deepEqual(decodeReflection(answer), { token: asked, address: seen });
      t.is(decodeQuestion(answer), null);
      t.true(answer.length <= question.length);
      t.not(answer[0], 0xff);
    }),
  );
});

test('reflection: an answer does not contain the address in plain form', (t) => {
  const answer = encodeReflection('00'.repeat(8), { ip: '192.0.2.1', port: 4_100 });
  t.false(answer.includes(Buffer.of(192, 0, 2, 1)));
});

test('reflection: given any bytes, then they are read or refused, without an exception', (t) => {
  t.is(decodeReflection(Buffer.alloc(0)), null);
  const bytes = fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.uint8Array({ maxLength: 40 }))
    .map(([kind, rest]) => Buffer.from([0x50, 0x4c, 0x52, 1, kind, ...rest]));
  fc.assert(
    fc.property(bytes, (given) => {
      const read = decodeReflection(given);
      if (read !== null) t.deepEqual(encodeReflection(read.token, read.address).length, given.length);
      const asked = decodeQuestion(given);
      if (asked !== null) t.is(given.length, encodeQuestion(asked).length);
    }),
  );
});
