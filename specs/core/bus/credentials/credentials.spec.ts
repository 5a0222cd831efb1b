import test from 'ava';
import { z } from 'zod';
import {
  applicationAccountJwt,
  deviceClaimsSchema,
  deviceJwt,
  guestAccountJwt,
  guestAccountOf,
  guestJwt,
  operatorJwt,
  systemAccountJwt,
} from '../../../../core/bus/credentials/credentials.js';
import { readJwt } from '../../../../core/bus/credentials/jwt.js';
import { openKeyring } from '../../../../core/bus/credentials/keyring.js';
import { rawPublicKey } from '../../../../core/bus/credentials/nkey.js';
import { temporaryFolder } from '../../../support/folder.js';
import { newAccountId, newDeviceId } from '../../../support/identities.js';

const anySchema = z.looseObject({ iss: z.string(), nats: z.looseObject({}) });

test('credentials: a device’s JWT names its account and its expiry', async (t) => {
  const keyring = await openKeyring(await temporaryFolder(t));
  const [account, device] = [newAccountId(), newDeviceId()];
  const jwt = deviceJwt({ account, device, issuedAt: 1_000, expiresAt: 3_601_000 }, keyring);
  t.deepEqual(readJwt(jwt, deviceClaimsSchema), {
    ok: true,
    claims: { sub: device, name: account, exp: 3_601 },
  });
});

test('credentials: a guest’s JWT grants nothing by itself', async (t) => {
  const { guestSigning } = await openKeyring(await temporaryFolder(t));
  const guestAccount = guestAccountOf(rawPublicKey(guestSigning.publicKey));
  const claim = { device: newDeviceId(), guestAccount, issuedAt: 0 };
  const read = readJwt(guestJwt(claim, guestSigning), anySchema);
  t.deepEqual(read.ok && read.claims.nats, {
    type: 'user',
    version: 2,
    issuer_account: guestAccount,
  });
});

test('credentials: the operator’s own key signs only the operator; its signing key signs every account', async (t) => {
  const keyring = await openKeyring(await temporaryFolder(t));
  t.is(issuerOf(operatorJwt(keyring, 0)), keyring.operator.publicKey);
  for (const mint of [systemAccountJwt, applicationAccountJwt, guestAccountJwt]) {
    t.is(issuerOf(mint(keyring, 0, new Map())), keyring.operatorSigning.publicKey);
  }
});

function issuerOf(jwt: string): unknown {
  const read = readJwt(jwt, anySchema);
  return read.ok && read.claims.iss;
}
