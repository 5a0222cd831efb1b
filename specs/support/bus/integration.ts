// An integration at a broker without a tracker: its account, its credentials and a client.
import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { connect, credsAuthenticator, type NatsConnection } from 'nats';
import { pushAccount } from '../../../core/bus/credentials/account.js';
import type { Credentials } from '../../../core/bus/credentials/credentials.js';
import { createNKey } from '../../../core/bus/credentials/nkey.js';
import {
  credsText,
  integrationAccountJwt,
  integrationJwt,
} from '../../../core/bus/integration/credentials.js';
import {
  type IntegrationKey,
  integrationKeySchema,
  type IntegrationName,
  integrationNameSchema,
  type Scope,
} from '../../../core/bus/integration/scope.js';
import type { TestBroker } from './broker.js';

export interface TestIntegration {
  readonly name: IntegrationName;
  readonly key: IntegrationKey;
  readonly seed: string;
  readonly jwt: string;
  readonly credentials: Credentials;
}

export interface IntegrationOptions {
  readonly name?: string;
  readonly rooms?: readonly string[];
  readonly lifetimeMs?: number;
}

/** A name that no other integration of the process has. */
export const newIntegrationName = (): IntegrationName =>
  integrationNameSchema.parse(`n-${randomUUID().slice(0, 8)}`);

/** Makes an integration and gives its account to the broker. */
export async function testIntegration(
  { keyring, system }: Pick<TestBroker, 'keyring' | 'system'>,
  scopes: readonly Scope[],
  { name: wanted, rooms = [], lifetimeMs }: IntegrationOptions = {},
): Promise<TestIntegration> {
  const name = wanted === undefined ? newIntegrationName() : integrationNameSchema.parse(wanted);
  const nkey = createNKey('user');
  const key = integrationKeySchema.parse(nkey.publicKey);
  const issuedAt = Date.now();
  const expiresAt = lifetimeMs === undefined ? null : issuedAt + lifetimeMs;
  const jwt = integrationJwt({ name, key, scopes, rooms, issuedAt, expiresAt }, keyring);
  const account = { name, scoped: { scopes, rooms }, hasConsumers: true, voidKeys: new Map() };
  await pushAccount(await system(), integrationAccountJwt(keyring, issuedAt, account));
  return { name, key, seed: nkey.seed, jwt, credentials: { key: nkey, jwt: () => jwt } };
}

/** The integration as a client of the plain `nats` package. It is closed with the spec. */
export async function plainClient(
  t: ExecutionContext,
  { url }: Pick<TestBroker, 'url'>,
  { jwt, seed }: TestIntegration,
): Promise<NatsConnection> {
  const authenticator = credsAuthenticator(Buffer.from(credsText(jwt, { seed })));
  const client = await connect({ servers: url, authenticator });
  t.teardown(() => client.close());
  return client;
}
