// A real broker for a spec, and clients of every kind. It needs no installed nats-server: the spec gets one as the
// product does.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { brokerCache, findBroker, newestIn } from '../../../core/bus/broker/find.js';
import { type Broker, type BrokerOptions, startBroker } from '../../../core/bus/broker/process.js';
import { machineSources, provisionBroker } from '../../../core/bus/broker/provision.js';
import { type FoundBroker, spell } from '../../../core/bus/broker/version.js';
import type { Bus } from '../../../core/bus/bus.js';
import { type BusOptions, connectBus } from '../../../core/bus/connection/connection.js';
import {
  applicationAccountJwt,
  type Credentials,
  deviceJwt,
  doorCredentials,
  guestAccountOf,
  guestJwt,
  systemCredentials,
  trackerCredentials,
} from '../../../core/bus/credentials/credentials.js';
import { eventsCredentials } from '../../../core/bus/integration/credentials.js';
import { type Keyring, openKeyring } from '../../../core/bus/credentials/keyring.js';
import { createNKey, type NKey, rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import { deviceInbox, guestInbox } from '../../../core/bus/subjects.js';
import { systemClock, keepAliveSchedule } from '../../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { temporaryFolder } from '../folder.js';
import { newAccountId, newDeviceId } from '../identities.js';

export interface TestDevice {
  readonly bus: Bus;
  readonly key: NKey;
  readonly device: DeviceId;
  readonly account: AccountId;
}

export interface TestBroker {
  readonly broker: Broker;
  readonly keyring: Keyring;
  readonly home: string;
  readonly url: string;
  /** A client with full rights in the application's account. */
  readonly tracker: (options?: Partial<BusOptions>) => Promise<Bus>;
  /** A client with the rights of the guest service. */
  readonly door: (options?: Partial<BusOptions>) => Promise<Bus>;
  readonly system: (options?: Partial<BusOptions>) => Promise<Bus>;
  /** A client with full rights in the account of the events. */
  readonly events: (options?: Partial<BusOptions>) => Promise<Bus>;
  readonly guest: (options?: Partial<BusOptions>, key?: NKey) => Promise<Omit<TestDevice, 'account'>>;
  /** A logged-in client, under a new account by default. */
  readonly device: (options?: Partial<BusOptions>, identity?: DeviceIdentity) => Promise<TestDevice>;
  /** Any other client. All clients of this broker are closed when the spec ends. */
  readonly connect: (options: Client) => Promise<Bus>;
}

type Client = Pick<BusOptions, 'credentials' | 'inboxPrefix'> & Partial<BusOptions>;

export interface DeviceIdentity {
  readonly key?: NKey;
  readonly account?: AccountId;
  /** In milliseconds. The default is one hour. */
  readonly lifetimeMs?: number;
}

/** Starts a broker in a temporary home on a free port. Broker and home are removed with the spec. */
export async function testBroker(
  t: ExecutionContext,
  options: Partial<BrokerOptions> = {},
): Promise<TestBroker> {
  const home = options.home ?? (await temporaryFolder(t));
  const keyring = options.keyring ?? (await openKeyring(home));
  const broker = await startBroker({
    accountJwt: applicationAccountJwt(keyring, Date.now(), new Map()),
    nats: options.nats ?? (await testNats()),
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    clock: systemClock,
    schedule: keepAliveSchedule,
    ...options,
    home,
    keyring,
  });
  t.teardown(() => broker.stop());

  const connect = async (client: Client): Promise<Bus> => {
    const bus = await connectBus({
      servers: broker.url,
      pin: broker.pin,
      name: 'spec',
      log: silentLog,
      ...client,
    });
    t.teardown(() => bus.close());
    return bus;
  };
  return {
    broker,
    keyring,
    home,
    url: broker.url,
    connect,
    tracker: (client) => {
      const credentials = trackerCredentials(keyring, Date.now());
      return connect({ credentials, inboxPrefix: '_INBOX_tracker', ...client });
    },
    door: (client) => {
      const credentials = doorCredentials(keyring, Date.now());
      return connect({ credentials, inboxPrefix: '_INBOX_door', ...client });
    },
    system: (client) => {
      const credentials = systemCredentials(keyring, Date.now());
      return connect({ credentials, inboxPrefix: '_INBOX_system', ...client });
    },
    events: (client) => {
      const credentials = eventsCredentials(keyring, Date.now());
      return connect({ credentials, inboxPrefix: '_INBOX_events', ...client });
    },
    guest: async (client, key = createNKey('user')) => {
      const device = newDeviceId(key);
      const credentials = guestCredentials(keyring, key);
      return { bus: await connect({ credentials, inboxPrefix: guestInbox(device), ...client }), key, device };
    },
    device: async (client, identity = {}) => {
      const { key = createNKey('user'), account = newAccountId() } = identity;
      const device = newDeviceId(key);
      const credentials = deviceCredentials(keyring, { ...identity, key, account });
      const bus = await connect({ credentials, inboxPrefix: deviceInbox(device), ...client });
      return { bus, key, device, account };
    },
  };
}

/** The credentials that a terminal with an invite makes for itself. */
export function guestCredentials(
  { guestSigning }: Pick<Keyring, 'guestSigning'>,
  key: NKey,
  guestAccount = guestAccountOf(rawPublicKey(guestSigning.publicKey)),
): Credentials {
  const claim = { device: newDeviceId(key), guestAccount, issuedAt: Date.now() };
  const jwt = guestJwt(claim, guestSigning);
  return { key, jwt: () => jwt };
}

/** The credentials that a device has after login. */
export function deviceCredentials(
  keyring: Keyring,
  { key = createNKey('user'), account = newAccountId(), lifetimeMs = 3_600_000 }: DeviceIdentity,
): Credentials {
  const issuedAt = Date.now();
  const claim = { account, device: newDeviceId(key), issuedAt, expiresAt: issuedAt + lifetimeMs };
  const jwt = deviceJwt(claim, keyring);
  return { key, jwt: () => jwt };
}

let found: Promise<FoundBroker> | undefined;

/** The nats-server that the product would use on this machine: found, downloaded and stored in the same way. */
export function testNats(): Promise<FoundBroker> {
  found ??= findOrProvision();
  return found;
}

async function findOrProvision(): Promise<FoundBroker> {
  const { PARTYLINE_NATS_SERVER: explicit, PATH: path = '' } = process.env;
  const cache = brokerCache();
  return (await findBroker({ explicit, path, cache })) ?? provisionBroker({ cache, onProgress: () => {} });
}

/** One nats-server of each version available on this machine: the product's own, and one per source. */
export async function everyNats(): Promise<readonly FoundBroker[]> {
  const brokers = new Map<string, FoundBroker>();
  const add = (broker: FoundBroker): unknown => brokers.set(spell(broker.version), broker);
  add(await testNats());
  // A folder of its own next to the product's cache. With a shared cache the product could use an older version that a spec has
  // stored.
  const shelf = join(brokerCache(), '..', 'broker-of-specs');
  for (const [index, source] of machineSources().entries()) {
    const cache = join(shelf, String(index));
    try {
      add(
        (await newestIn(cache)) ??
          (await provisionBroker({ cache, onProgress: () => {}, sources: [source] })),
      );
    } catch {
      // This machine cannot get that version. The version that the product uses is always in the list.
    }
  }
  return [...brokers.values()];
}
