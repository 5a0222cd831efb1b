// Who may do what on the broker, written as JWTs. The keys come from the keyring; transport is connection.ts.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type AccountId, accountIdSchema, type DeviceId, deviceIdSchema } from '../../ids.js';
import { mintJwt, wholeSeconds } from './jwt.js';
import type { Keyring } from './keyring.js';
import { type NKey, publicNKey, rawPublicKey } from './nkey.js';
import { AUTH_SERVICE, permissions } from '../subjects.js';

/** What a client shows the broker: its JWT, asked for anew at each connect, and the key that JWT is for. */
export interface Credentials {
  readonly jwt: () => string;
  readonly key: Pick<NKey, 'publicKey' | 'sign'>;
}

const UNLIMITED = -1;
const TYPE_LIMITS = { subs: UNLIMITED, data: UNLIMITED, payload: UNLIMITED } as const;
const ACCOUNT_LIMITS = {
  ...TYPE_LIMITS,
  imports: UNLIMITED,
  exports: UNLIMITED,
  wildcards: true,
  conn: UNLIMITED,
  leaf: UNLIMITED,
} as const;
const JETSTREAM = {
  mem_storage: UNLIMITED,
  disk_storage: UNLIMITED,
  streams: UNLIMITED,
  consumer: UNLIMITED,
} as const;

// Unanswered requests of guests are forgotten after this, and a later answer is dropped: so it is longer than a login may
// wait for its turn at bcrypt. Without it they stay pending for minutes.
const RESPONSE_THRESHOLD_NS = 60_000_000_000;
// A guest holds one subscription for its replies; the rest is for reconnecting clients.
const GUEST_SUBSCRIPTIONS = 4;
const GUEST_PAYLOAD_BYTES = 8 * 1024;
// Guests are people on their way in: they stay for seconds.
const GUEST_CONNECTIONS = 1_000;
const DEVICE_SUBSCRIPTIONS = 100;
// A link's frame is at most 64 KiB; encryption and numbering come on top.
const DEVICE_PAYLOAD_BYTES = 128 * 1024;
const PLAIN_CONNECTIONS = ['STANDARD'];

/** @param issuedAt milliseconds since the epoch; so for all below. */
export function operatorJwt({ operator, operatorSigning, systemAccount }: Keyring, issuedAt: number): string {
  const nats = {
    type: 'operator',
    version: 2,
    system_account: systemAccount.publicKey,
    signing_keys: [operatorSigning.publicKey],
  };
  return mintJwt({ subject: operator.publicKey, name: 'partyline', issuedAt, nats }, operator);
}

export function systemAccountJwt(keyring: Keyring, issuedAt: number): string {
  return accountJwt(keyring, keyring.systemAccount.publicKey, 'SYSTEM', issuedAt, { limits: ACCOUNT_LIMITS });
}

/** Devices, and when they were revoked (milliseconds since the epoch): what they were granted until then is void. */
export type Revocations = ReadonlyMap<DeviceId, number>;

/**
 * The application's account. It replaces what the broker has, revocations too: it must carry all that are still due.
 * Times count in whole seconds, so a JWT of the second of its device's revocation is void as well.
 */
export function applicationAccountJwt(keyring: Keyring, issuedAt: number, revoked: Revocations): string {
  return accountJwt(keyring, keyring.account.publicKey, 'PARTYLINE', issuedAt, {
    revocations: Object.fromEntries(Array.from(revoked, ([device, at]) => [device, wholeSeconds(at)])),
    limits: { ...ACCOUNT_LIMITS, ...JETSTREAM },
    signing_keys: [keyring.accountSigning.publicKey],
  });
}

/**
 * The account of the tracker's door for guests. It is never changed at a running broker, unlike the application's: with
 * each change of an account that exports a service, the broker forgets who waits for which answer.
 */
export function doorAccountJwt(keyring: Keyring, issuedAt: number): string {
  return accountJwt(keyring, doorAccountOf(keyring), 'DOOR', issuedAt, {
    limits: ACCOUNT_LIMITS,
    signing_keys: [keyring.accountSigning.publicKey],
    exports: [
      {
        name: 'auth',
        subject: AUTH_SERVICE,
        type: 'service',
        response_type: 'Singleton',
        response_threshold: RESPONSE_THRESHOLD_NS,
      },
    ],
  });
}

/** The guests' account: all that its public signing key can mint is a user who may speak for their own key. */
export function guestAccountJwt(keyring: Keyring, issuedAt: number): string {
  const { publish, subscribe } = permissions.guest('{{subject()}}');
  return accountJwt(
    keyring,
    guestAccountOf(rawPublicKey(keyring.guestSigning.publicKey)),
    'GUESTS',
    issuedAt,
    {
      limits: { ...ACCOUNT_LIMITS, conn: GUEST_CONNECTIONS },
      imports: [{ name: 'auth', subject: AUTH_SERVICE, account: doorAccountOf(keyring), type: 'service' }],
      signing_keys: [
        {
          kind: 'user_scope',
          key: keyring.guestSigning.publicKey,
          role: 'guest',
          template: {
            pub: { allow: publish },
            sub: { allow: subscribe },
            subs: GUEST_SUBSCRIPTIONS,
            data: UNLIMITED,
            payload: GUEST_PAYLOAD_BYTES,
            allowed_connection_types: PLAIN_CONNECTIONS,
          },
        },
      ],
    },
  );
}

function accountJwt(
  { operatorSigning }: Keyring,
  account: string,
  name: string,
  issuedAt: number,
  nats: Readonly<Record<string, unknown>>,
): string {
  const claim = {
    subject: account,
    name,
    issuedAt,
    nats: { ...nats, type: 'account', version: 2 },
  };
  return mintJwt(claim, operatorSigning);
}

/**
 * The guests' account that belongs to the guest signing key: public nkey `A…`. Whoever has the invite's seed knows the
 * account without being told; and nobody has the account's own key, which could mint more than guests.
 * @param guestSigningPublicKey 32 bytes
 */
export function guestAccountOf(guestSigningPublicKey: Uint8Array): string {
  return keylessAccount('guest', guestSigningPublicKey);
}

/** The account of the door: public nkey `A…`, without a key of its own like that of the guests. */
export function doorAccountOf({ account }: Pick<Keyring, 'account'>): string {
  return keylessAccount('door', rawPublicKey(account.publicKey));
}

function keylessAccount(purpose: string, key: Uint8Array): string {
  const digest = createHash('sha256').update(`partyline/${purpose}-account/v1\0`).update(key).digest();
  return publicNKey('account', digest);
}

export interface GuestClaim {
  readonly device: DeviceId;
  /** Public nkey of the guests' account. */
  readonly guestAccount: string;
  readonly issuedAt: number;
}

/** What anyone with an invite mints for their own device key; the scope of `guestSigning` says what it allows. */
export function guestJwt({ device, guestAccount, issuedAt }: GuestClaim, guestSigning: NKey): string {
  const nats = { type: 'user', version: 2, issuer_account: guestAccount };
  return mintJwt({ subject: device, name: 'guest', issuedAt, nats }, guestSigning);
}

export interface DeviceClaim {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What a device gets on login or renewal. Its name is the account's id, which is how presence knows whose it is. */
export function deviceJwt({ account, device, issuedAt, expiresAt }: DeviceClaim, keyring: Keyring): string {
  const { publish, subscribe } = permissions.device(account, device);
  const nats = {
    type: 'user',
    version: 2,
    issuer_account: keyring.account.publicKey,
    pub: { allow: publish },
    sub: { allow: subscribe },
    subs: DEVICE_SUBSCRIPTIONS,
    data: UNLIMITED,
    payload: DEVICE_PAYLOAD_BYTES,
    allowed_connection_types: PLAIN_CONNECTIONS,
  };
  return mintJwt({ subject: device, name: account, issuedAt, expiresAt, nats }, keyring.accountSigning);
}

/** What a device reads in its own JWT: whose it is and until when (seconds since the epoch). */
export const deviceClaimsSchema = z.object({
  sub: deviceIdSchema,
  name: accountIdSchema,
  exp: z.int().positive(),
});

/** The tracker itself: everything within the application's account. */
export function trackerCredentials(keyring: Keyring, issuedAt: number): Credentials {
  return trackerIn(keyring.account.publicKey, keyring, issuedAt);
}

/** The tracker at its door for guests. */
export function doorCredentials(keyring: Keyring, issuedAt: number): Credentials {
  return trackerIn(doorAccountOf(keyring), keyring, issuedAt);
}

function trackerIn(account: string, { trackerUser, accountSigning }: Keyring, issuedAt: number): Credentials {
  return userOf(
    trackerUser,
    'tracker',
    { ...TYPE_LIMITS, issuer_account: account },
    issuedAt,
    accountSigning,
  );
}

/** Sees connections come and go, and administers accounts. */
export function systemCredentials({ systemUser, systemAccount }: Keyring, issuedAt: number): Credentials {
  return userOf(systemUser, 'system', TYPE_LIMITS, issuedAt, systemAccount);
}

function userOf(
  key: NKey,
  name: string,
  nats: Readonly<Record<string, unknown>>,
  issuedAt: number,
  signer: NKey,
): Credentials {
  const claim = { subject: key.publicKey, name, issuedAt, nats: { ...nats, type: 'user', version: 2 } };
  const jwt = mintJwt(claim, signer);
  return { key, jwt: () => jwt };
}
