import { createPrivateKey, sign } from 'node:crypto';
import test from 'ava';
import * as fc from 'fast-check';
import sodium from 'sodium-native';
import { generateSigningKey, isSignedBy, signingKeyFromSeed } from '../../core/keys.js';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const anyBytes = fc.uint8Array({ maxLength: 200 });

/** A signature by node:crypto. The header of a bare key is from RFC 8410. */
function nodeSignature(seed: Uint8Array, data: Uint8Array): Buffer {
  const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return sign(null, data, createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

/** The key in the form of libsodium, which links use. */
function sodiumKey(seed: Uint8Array) {
  const [publicKey, secretKey] = [Buffer.alloc(32), Buffer.alloc(64)];
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(seed));
  return { publicKey, secretKey };
}

test('keys: one seed gives the same key and the same signatures here, in libsodium and in node:crypto', (t) => {
  fc.assert(
    fc.property(bytes(32), anyBytes, (seed, data) => {
      const key = signingKeyFromSeed(seed);
      const other = sodiumKey(seed);
      const signature = Buffer.alloc(64);
      sodium.crypto_sign_detached(signature, Buffer.from(data), other.secretKey);
      t.deepEqual(key.publicKey, other.publicKey);
      t.deepEqual(key.sign(data), signature);
      t.deepEqual(key.sign(data), nodeSignature(seed, data));
      t.true(isSignedBy(key.publicKey, data, signature));
      t.true(sodium.crypto_sign_verify_detached(key.sign(data), Buffer.from(data), other.publicKey));
    }),
  );
});

test('keys: a key is restored from its seed', (t) => {
  const key = generateSigningKey();
  const again = signingKeyFromSeed(key.seed);
  t.deepEqual([key.seed.length, key.publicKey.length], [32, 32]);
  t.deepEqual([again.seed, again.publicKey], [key.seed, key.publicKey]);
  t.notDeepEqual(generateSigningKey().seed, key.seed);
});

test('keys: a seed of another length is refused', (t) => {
  for (const length of [0, 31, 33, 64])
    t.throws(() => signingKeyFromSeed(Buffer.alloc(length)), { instanceOf: RangeError });
});

test('keys: given other data, another key or another signature, then verification fails', (t) => {
  const key = generateSigningKey();
  const data = Buffer.from('what was said');
  const signature = key.sign(data);
  t.true(isSignedBy(key.publicKey, data, signature));
  t.false(isSignedBy(key.publicKey, Buffer.from('what was sayd'), signature));
  t.false(isSignedBy(generateSigningKey().publicKey, data, signature));
  t.false(isSignedBy(key.publicKey, data, signature.subarray(1)));
});

test('keys: given garbage for key, data and signature, then verification fails without an exception', (t) => {
  const key = generateSigningKey();
  fc.assert(
    fc.property(
      fc.oneof(bytes(32), anyBytes),
      anyBytes,
      fc.oneof(bytes(64), anyBytes),
      (publicKey, data, signature) => {
        t.false(isSignedBy(publicKey, data, signature));
        t.false(isSignedBy(key.publicKey, data, signature));
      },
    ),
  );
});
