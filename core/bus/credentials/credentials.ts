// The broker's accounts and permissions, written as JWTs. The keys come from keyring.ts; connection.ts holds the
// transport.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type AccountId, accountIdSchema, type DeviceId, deviceIdSchema } from '../../ids.js';
import { mintJwt, wholeSeconds } from './jwt.js';
import type { Keyring } from './keyring.js';
import { type NKey, publicNKey, rawPublicKey } from './nkey.js';
import { AUTH_SERVICE, permissions } from '../subjects.js';

/**
 * The credentials that a client presents to the broker: its JWT, requested again at each connect, and the key that the
 * JWT names.
 */
export interface Credentials {
  readonly jwt: () => string;
  readonly key: Pick<NKey, 'publicKey' | 'sign'>;
}

export const UNLIMITED = -1;
const TYPE_LIMITS = { subs: UNLIMITED, data: UNLIMITED, payload: UNLIMITED } as const;
export const ACCOUNT_LIMITS = {
  ...TYPE_LIMITS,
  imports: UNLIMITED,
  exports: UNLIMITED,
  wildcards: true,
  conn: UNLIMITED,
  leaf: UNLIMITED,
} as const;
export const JETSTREAM = {
  mem_storage: UNLIMITED,
  disk_storage: UNLIMITED,
  streams: UNLIMITED,
  consumer: UNLIMITED,
} as const;

// After this time the broker drops a guest's unanswered request and any later answer. The limit exceeds the time that a login
// may wait in the bcrypt queue. Without a limit, requests would stay pending for minutes.
export const RESPONSE_THRESHOLD_NS = 60_000_000_000;
// A guest needs one subscription for its replies. The rest allows for clients that reconnect.
const GUEST_SUBSCRIPTIONS = 4;
const GUEST_PAYLOAD_BYTES = 8 * 1024;
// Guests are clients that log in or register. They stay connected for seconds.
const GUEST_CONNECTIONS = 1_000;
const DEVICE_SUBSCRIPTIONS = 100;
// A link frame has at most 64 KiB; encryption and sequence numbers add to it.
const DEVICE_PAYLOAD_BYTES = 128 * 1024;
export const PLAIN_CONNECTIONS = ['STANDARD'];

/** @param issuedAt milliseconds since the epoch, as in all functions of this file */
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

/**
 * The revoked devices and the times of their revocation (milliseconds since the epoch). A device's JWT issued up to
 * that time is void.
 */
export type Revocations = ReadonlyMap<DeviceId, number>;

/**
 * The JWT of the application's account. It replaces the JWT that the broker has, with all revocations in it, so `revoked` must
 * contain every revocation still in force. Times have a resolution of one second: a JWT issued in the same second as the
 * revocation is also void.
 */
export function applicationAccountJwt(keyring: Keyring, issuedAt: number, revoked: Revocations): string {
  return accountJwt(keyring, keyring.account.publicKey, 'PARTYLINE', issuedAt, {
    revocations: Object.fromEntries(Array.from(revoked, ([device, at]) => [device, wholeSeconds(at)])),
    limits: { ...ACCOUNT_LIMITS, ...JETSTREAM },
    signing_keys: [keyring.accountSigning.publicKey],
  });
}

/**
 * The JWT of the account through which guests reach the tracker. It never changes on a running broker, unlike the
 * application's account: when an account that exports a service changes, the broker forgets which requests are pending.
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

/**
 * The JWT of the guests' account. Its public signing key can only mint users with permissions for their own device key.
 */
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

export function accountJwt(
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
 * The guests' account derived from the guest signing key: public nkey `A…`. Anyone with the invite's seed can compute
 * it. Its own key does not exist, because that key could mint more than guests.
 * @param guestSigningPublicKey 32 bytes
 */
export function guestAccountOf(guestSigningPublicKey: Uint8Array): string {
  return keylessAccount('guest', guestSigningPublicKey);
}

/**
 * The account through which guests reach the tracker: public nkey `A…`. Like the guests' account, it has no key of its
 * own.
 */
export function doorAccountOf({ account }: Pick<Keyring, 'account'>): string {
  return keylessAccount('door', rawPublicKey(account.publicKey));
}

export function keylessAccount(purpose: string, key: Uint8Array): string {
  const digest = createHash('sha256').update(`partyline/${purpose}-account/v1\0`).update(key).digest();
  return publicNKey('account', digest);
}

export interface GuestClaim {
  readonly device: DeviceId;
  /** Public nkey of the guests' account. */
  readonly guestAccount: string;
  readonly issuedAt: number;
}

/**
 * A guest's JWT, which anyone with an invite can mint for their own device key. The scope of `guestSigning` sets its
 * permissions.
 */
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

/**
 * The JWT that a device gets on login or renewal. Its name is the account id: presence reads the account of a connection from it.
 */
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

/** The claims that a device reads in its own JWT: its account and the expiry time (seconds since the epoch). */
export const deviceClaimsSchema = z.object({
  sub: deviceIdSchema,
  name: accountIdSchema,
  exp: z.int().positive(),
});

/** The tracker's credentials: all permissions within the application's account. */
export function trackerCredentials(keyring: Keyring, issuedAt: number): Credentials {
  return trackerIn(keyring.account.publicKey, keyring, issuedAt);
}

/** The tracker's credentials in the account for guests. */
export function doorCredentials(keyring: Keyring, issuedAt: number): Credentials {
  return trackerIn(doorAccountOf(keyring), keyring, issuedAt);
}

export function trackerIn(
  account: string,
  { trackerUser, accountSigning }: Keyring,
  issuedAt: number,
): Credentials {
  return userOf(
    trackerUser,
    'tracker',
    { ...TYPE_LIMITS, issuer_account: account },
    issuedAt,
    accountSigning,
  );
}

/** Credentials of the system account, which observes connections and administers accounts. */
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
