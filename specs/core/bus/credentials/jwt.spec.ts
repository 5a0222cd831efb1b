import test from 'ava';
import * as fc from 'fast-check';
import { z } from 'zod';
import { mintJwt, readJwt } from '../../../../core/bus/credentials/jwt.js';
import { createNKey } from '../../../../core/bus/credentials/nkey.js';
import { holds } from '../../../support/property.js';

const schema = z.object({
  iss: z.string(),
  sub: z.string(),
  name: z.string(),
  iat: z.int(),
  exp: z.int().optional(),
});
const issuer = createNKey('account');
const subject = createNKey('user').publicKey;
const claim = {
  subject,
  name: 'alice',
  issuedAt: 1_700_000_000_999,
  expiresAt: 1_700_003_600_999,
  nats: { type: 'user' },
};

test('jwt: given a minted JWT, when it is read, then it has its original claims, and its times are whole seconds', (t) => {
  const read = readJwt(mintJwt(claim, issuer), schema);
  t.deepEqual(read, {
    ok: true,
    claims: { iss: issuer.publicKey, sub: subject, name: 'alice', iat: 1_700_000_000, exp: 1_700_003_600 },
  });
});

test('jwt: given no expiry, then the JWT has none', (t) => {
  const { expiresAt: _, ...endless } = claim;
  const read = readJwt(mintJwt(endless, issuer), schema);
  t.is(read.ok ? read.claims.exp : 'unread', undefined);
});

test('jwt: given one changed letter, then the JWT is refused', async (t) => {
  const jwt = mintJwt(claim, issuer);
  await holds(
    t,
    fc.property(fc.nat({ max: jwt.length - 3 }), fc.stringMatching(/^[A-Za-z0-9_-]$/), (at, letter) => {
      fc.pre(jwt[at] !== letter && jwt[at] !== '.');
      return !readJwt(jwt.slice(0, at) + letter + jwt.slice(at + 1), schema).ok;
    }),
  );
});

test('jwt: given a signature by a key other than its issuer’s, then it is refused', (t) => {
  const impostor = { ...createNKey('account'), publicKey: issuer.publicKey };
  t.deepEqual(readJwt(mintJwt(claim, impostor), schema), { ok: false, reason: 'not signed by its issuer' });
});

test('jwt: given claims that do not fit the schema, then they are refused', (t) => {
  t.false(readJwt(mintJwt(claim, issuer), z.object({ name: z.literal('bob') })).ok);
});

test('jwt: given any text, then it is refused without an exception', (t) => {
  const parts = fc.array(fc.oneof(fc.string(), fc.json(), fc.base64String()), { maxLength: 5 });
  fc.assert(fc.property(parts, (list) => !readJwt(list.join('.'), z.unknown()).ok));
  t.false(readJwt('x'.repeat(10_000_000), z.unknown()).ok);
});
