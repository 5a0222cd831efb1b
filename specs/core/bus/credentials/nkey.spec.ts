import test from 'ava';
import * as fc from 'fast-check';
import { nkeys } from 'nats';
import {
  createNKey,
  type NKeyKind,
  nkeyFromKey,
  nkeyFromSeed,
  publicNKey,
  rawPublicKey,
} from '../../../../core/bus/credentials/nkey.js';
import { signingKeyFromSeed } from '../../../../core/keys.js';
import { holds } from '../../../support/property.js';

const kinds: readonly NKeyKind[] = ['operator', 'account', 'user'];
const letters = { operator: 'O', account: 'A', user: 'U' } as const;

for (const kind of kinds) {
  test(`nkey: given a new ${kind} key, then the reference library reads the same key from its seed`, (t) => {
    const key = createNKey(kind);
    const reference = nkeys.fromSeed(Buffer.from(key.seed));
    t.is(reference.getPublicKey(), key.publicKey);
    t.true(key.publicKey.startsWith(letters[kind]));
    t.true(key.seed.startsWith(`S${letters[kind]}`));
    t.is(key.publicKey.length, 56);
    t.is(key.seed.length, 58);
  });
}

test('nkey: given a seed of the reference library, then the key is the same and each side verifies the other’s signatures', (t) => {
  const reference = nkeys.createUser();
  const key = nkeyFromSeed(Buffer.from(reference.getSeed()).toString());
  const data = Buffer.from('a nonce');
  t.is(key.publicKey, reference.getPublicKey());
  t.true(reference.verify(data, key.sign(data)));
  t.deepEqual(key.sign(data), Buffer.from(reference.sign(data)));
});

test('nkey: any 32-byte seed survives encoding and decoding', async (t) => {
  await holds(
    t,
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(...kinds), (seed, kind) => {
      const key = nkeyFromKey(kind, signingKeyFromSeed(seed));
      const again = nkeyFromSeed(key.seed);
      return (
        again.kind === kind &&
        again.publicKey === key.publicKey &&
        publicNKey(kind, rawPublicKey(key.publicKey)) === key.publicKey
      );
    }),
    { numRuns: 50 },
  );
});

test('nkey: a public key with any one letter changed, added or missing is refused', (t) => {
  const { publicKey } = createNKey('user');
  fc.assert(
    fc.property(fc.nat({ max: 55 }), fc.stringMatching(/^[A-Z2-7]$/), (at, letter) => {
      fc.pre(publicKey[at] !== letter);
      const changed = publicKey.slice(0, at) + letter + publicKey.slice(at + 1);
      t.throws(() => rawPublicKey(changed), { instanceOf: RangeError });
      t.throws(() => rawPublicKey(publicKey.slice(0, at) + publicKey.slice(at + 1)), {
        instanceOf: RangeError,
      });
      t.throws(() => rawPublicKey(publicKey.slice(0, at) + letter + publicKey.slice(at)), {
        instanceOf: RangeError,
      });
    }),
  );
});

test('nkey: given garbage as a public key or a seed, then it is refused, and the error does not repeat it', (t) => {
  const { seed, publicKey } = createNKey('account');
  for (const garbage of [
    '',
    'U',
    'garbage!',
    publicKey.toLowerCase(),
    seed,
    '\u0000'.repeat(56),
    `${publicKey}=`,
  ]) {
    t.throws(() => rawPublicKey(garbage), { instanceOf: RangeError });
  }
  for (const garbage of ['', 'SU', publicKey, `${seed.slice(0, -1)}!`, seed.replace(/^SA/, 'SB')]) {
    const error = t.throws(() => nkeyFromSeed(garbage), { instanceOf: RangeError });
    t.false(garbage.length > 10 && error.message.includes(garbage.slice(0, 10)));
  }
});
