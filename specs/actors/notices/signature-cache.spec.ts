import test from 'ava';
import { cacheSignatures } from '../../../actors/notices/signature-cache.js';
import { generateSigningKey, isSignedBy } from '../../../core/keys.js';

function counted() {
  const key = generateSigningKey();
  const signed: string[] = [];
  const sign = (data: Uint8Array): Buffer => {
    signed.push(Buffer.from(data).toString());
    return key.sign(data);
  };
  return { key: { ...key, sign }, signed };
}

test('signature cache: a text is signed once, and each text has its own signature', (t) => {
  const { key, signed } = counted();
  const common = cacheSignatures(key, 10);
  for (const text of ['a', 'b', 'a', 'b']) {
    t.true(isSignedBy(key.publicKey, Buffer.from(text), common.sign(Buffer.from(text))));
  }
  t.deepEqual(signed, ['a', 'b']);
});

test('signature cache: the least recently used signatures are dropped', (t) => {
  const { key, signed } = counted();
  const common = cacheSignatures(key, 2);
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) common.sign(Buffer.from(text));
  t.deepEqual(signed, ['a', 'b', 'c', 'b']);
});
