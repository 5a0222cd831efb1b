// The broker's accounts for events and integrations, and the credentials of an integration. Each integration has a broker account of
// its own. In a shared account a reader could name any subject as the reply subject of its reads, and the broker would publish there:
// it could delete the stream, or send to terminals. Between accounts, only imported subjects exist.
import {
  accountJwt,
  ACCOUNT_LIMITS,
  type Credentials,
  JETSTREAM,
  keylessAccount,
  PLAIN_CONNECTIONS,
  RESPONSE_THRESHOLD_NS,
  trackerIn,
  UNLIMITED,
} from '../credentials/credentials.js';
import { mintJwt, wholeSeconds } from '../credentials/jwt.js';
import type { Keyring } from '../credentials/keyring.js';
import { type NKey, rawPublicKey } from '../credentials/nkey.js';
import type { IntegrationKey, IntegrationName, Scoped } from './scope.js';
import {
  ALL_PRESENCE,
  ALL_REQUESTS,
  ALL_SERVICES,
  consumerSubjects,
  integrationPermissions,
  rightsOf,
} from './subjects.js';

/** The bytes of the largest message that an integration may send. */
const INTEGRATION_PAYLOAD_BYTES = 64 * 1024;
/** The subscriptions of one connection of an integration. */
const INTEGRATION_SUBSCRIPTIONS = 100;
/** The connections of one integration at the same time. */
const INTEGRATION_CONNECTIONS = 16;

// A pull may stay open for a long time. The broker forgets it after this time without a message or heartbeat.
const PULL_THRESHOLD_NS = 3_600_000_000_000;

/** The account of the stream `EVENTS` and of the tracker's service for integrations. It has no key of its own. */
export const eventsAccountOf = ({ account }: Pick<Keyring, 'account'>): string =>
  keylessAccount('events', rawPublicKey(account.publicKey));

/** The account of one integration. It has no key of its own. */
export const integrationAccountOf = ({ account }: Pick<Keyring, 'account'>, name: IntegrationName): string =>
  keylessAccount(`integration/${name}`, rawPublicKey(account.publicKey));

/**
 * The JWT of the account that holds the events. It never changes on a running broker: when an account that exports a service
 * changes, the broker forgets which requests are pending, and every open pull would end.
 */
export function eventsAccountJwt(keyring: Keyring, issuedAt: number): string {
  const single = { type: 'service', response_type: 'Singleton', response_threshold: RESPONSE_THRESHOLD_NS };
  const streamed = { type: 'service', response_type: 'Stream', response_threshold: PULL_THRESHOLD_NS };
  const exported = consumerSubjects('*').map(({ real, answers }) => ({
    name: real,
    subject: real,
    ...(answers === 'many' ? streamed : single),
  }));
  return accountJwt(keyring, eventsAccountOf(keyring), 'EVENTS', issuedAt, {
    limits: { ...ACCOUNT_LIMITS, ...JETSTREAM },
    signing_keys: [keyring.accountSigning.publicKey],
    exports: [
      ...exported,
      { name: 'requests', subject: ALL_REQUESTS, ...single },
      { name: 'services', subject: ALL_SERVICES, ...streamed },
      { name: 'presence', subject: ALL_PRESENCE, type: 'stream' },
    ],
  });
}

/** The tracker's credentials in the account of the events. */
export const eventsCredentials = (keyring: Keyring, issuedAt: number): Credentials =>
  trackerIn(eventsAccountOf(keyring), keyring, issuedAt);

export interface IntegrationAccount {
  readonly name: IntegrationName;
  /** What the integration may do; null if it is revoked. */
  readonly scoped: Scoped | null;
  /** Whether its consumers exist. If not, it reaches the tracker and no events. */
  readonly hasConsumers: boolean;
  /** The void keys, each with the latest issue time of its void credentials, in milliseconds since the epoch. */
  readonly voidKeys: ReadonlyMap<IntegrationKey, number>;
}

/** The JWT of the account of an integration. It replaces the one that the broker has. */
export function integrationAccountJwt(
  keyring: Keyring,
  issuedAt: number,
  { name, scoped, hasConsumers, voidKeys }: IntegrationAccount,
): string {
  const account = eventsAccountOf(keyring);
  const service = (subject: string, local = subject) => ({
    name: local,
    subject,
    account,
    type: 'service',
    ...(local === subject ? {} : { local_subject: local }),
  });
  const rights = scoped === null ? null : rightsOf(name, scoped);
  const consumers = hasConsumers ? (rights?.consumers ?? []) : [];
  const requests = rights?.requests ?? [];
  return accountJwt(keyring, integrationAccountOf(keyring, name), `integration ${name}`, issuedAt, {
    limits: { ...ACCOUNT_LIMITS, conn: scoped === null ? 0 : INTEGRATION_CONNECTIONS, leaf: 0, exports: 0 },
    signing_keys: [keyring.accountSigning.publicKey],
    revocations: Object.fromEntries(Array.from(voidKeys, ([key, at]) => [key, wholeSeconds(at)])),
    imports: [
      ...consumers.flatMap(consumerSubjects).map(({ real, local }) => service(real, local)),
      ...requests.map((subject) => service(subject)),
      ...(requests.length > 0 ? [service(ALL_SERVICES)] : []),
      ...(rights?.hasPresence === true
        ? [{ name: 'presence', subject: ALL_PRESENCE, account, type: 'stream' }]
        : []),
    ],
  });
}

export interface IntegrationGrant extends Scoped {
  readonly name: IntegrationName;
  readonly key: IntegrationKey;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch; null: the credentials do not expire. */
  readonly expiresAt: number | null;
}

/** The JWT in the credentials of an integration. */
export function integrationJwt(
  { name, key, issuedAt, expiresAt, ...scoped }: IntegrationGrant,
  keyring: Keyring,
): string {
  const { publish, subscribe } = integrationPermissions(name, scoped);
  const nats = {
    type: 'user',
    version: 2,
    issuer_account: integrationAccountOf(keyring, name),
    pub: { allow: publish },
    sub: { allow: subscribe },
    subs: INTEGRATION_SUBSCRIPTIONS,
    data: UNLIMITED,
    payload: INTEGRATION_PAYLOAD_BYTES,
    allowed_connection_types: PLAIN_CONNECTIONS,
  };
  const claim = { subject: key, name, issuedAt, nats, ...(expiresAt === null ? {} : { expiresAt }) };
  return mintJwt(claim, keyring.accountSigning);
}

/** The text of a `.creds` file, which every NATS client reads. */
export const credsText = (jwt: string, { seed }: Pick<NKey, 'seed'>): string => `-----BEGIN NATS USER JWT-----
${jwt}
------END NATS USER JWT------

************************* IMPORTANT *************************
The seed below is secret. Whoever has it can act as this integration.

-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------

*************************************************************
`;

/** Whether a file has the form of `credsText`. */
export const isCredsText = (text: string): boolean => text.startsWith('-----BEGIN NATS USER JWT-----');
