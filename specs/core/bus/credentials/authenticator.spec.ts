import test from 'ava';
import { authenticator } from '../../../../core/bus/credentials/authenticator.js';
import { createNKey, rawPublicKey } from '../../../../core/bus/credentials/nkey.js';
import { isSignedBy } from '../../../../core/keys.js';

test('authenticator: given a nonce, then it presents the current JWT and signs the nonce', (t) => {
  const key = createNKey('user');
  let jwt = 'first';
  const authenticate = authenticator({ key, jwt: () => jwt });
  jwt = 'renewed';
  const shown = authenticate('SGVsbG8tX19fd29ybGQ');
  t.like(shown, { jwt: 'renewed', nkey: key.publicKey });
  const signature = 'sig' in Object(shown) ? Reflect.get(Object(shown), 'sig') : '';
  const isGenuine = isSignedBy(
    rawPublicKey(key.publicKey),
    Buffer.from('SGVsbG8tX19fd29ybGQ'),
    Buffer.from(String(signature), 'base64url'),
  );
  t.true(isGenuine);
});

test('authenticator: it signs only nonces', (t) => {
  const authenticate = authenticator({ key: createNKey('user'), jwt: () => 'jwt' });
  for (const bait of [
    undefined,
    '',
    'short',
    'x'.repeat(65),
    'partyline/login/v1\0data',
    'a nonce with spaces',
    'line\nbreaks1',
  ]) {
    t.throws(() => authenticate(bait), { message: /not a nonce/ });
  }
});
