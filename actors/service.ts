// The tracker's service: actors, tables, reactors and doors over a database and a bus that somebody else keeps running.
import { randomBytes } from 'node:crypto';
import { pushAccount } from '../core/bus/credentials/account.js';
import type { Bus } from '../core/bus/bus.js';
import { deviceJwt } from '../core/bus/credentials/credentials.js';
import type { Keyring } from '../core/bus/credentials/keyring.js';
import { createRelay } from '../core/bus/event-relay.js';
import { blocksSubject, introductionSubject, noticeSubject } from '../core/bus/subjects.js';
import { type Clock, keepAliveSchedule, systemSchedule } from '../core/time/clock.js';
import { headText } from '../core/events/chain.js';
import { createSqlCheckpoints } from '../core/events/sql/checkpoints.js';
import type { Database } from '../core/events/sql/database.js';
import { createSqlSnapshots } from '../core/events/sql/snapshots.js';
import { createSqlStore } from '../core/events/sql/store.js';
import { createWriter } from '../core/events/sql/writer.js';
import type { AccountId, Ids } from '../core/ids.js';
import type { Log } from '../core/log.js';
import type { Signed } from '../core/protocol/signed/signed.js';
import { type AdmissionLimits, createAdmission } from './admission/admission.js';
import { createAdminAbsence } from './reactors/admin-absence.js';
import { createBlocks } from './contact/blocks.js';
import { createPrivacy } from './contact/privacy.js';
import { runDisabledAccounts } from './reactors/disabled-accounts.js';
import { createShutdownStack, type ShutdownStack } from '../core/shutdown-stack.js';
import { serveEndpoints } from './endpoints.js';
import { createAccountHandler } from './handlers/account.js';
import { createAuthentication } from './handlers/authentication.js';
import { createGrants } from './handlers/grants.js';
import { createPasswordChange } from './handlers/password.js';
import { createPeopleHandler, createPrivateHandler } from './handlers/people.js';
import { createRoomHandler } from './handlers/rooms.js';
import { createSyncHandler } from './handlers/sync.js';
import { createTrackerHost } from './host.js';
import { createIntroducer } from './contact/introductions.js';
import { showFigures } from './metrics/figures.js';
import { type Monitor, silentMonitor } from './metrics/monitor.js';
import { watchReactors } from './metrics/reactors.js';
import { brokerCheck, databaseCheck } from './metrics/readiness.js';
import { countedHasher, countedHost, createTally } from './metrics/tally.js';
import { runNotifier } from './reactors/notifier.js';
import { cacheSignatures } from './notices/signature-cache.js';
import { createHasher, type HasherOptions } from './passwords/hasher.js';
import { createPasswordTable } from './passwords/table.js';
import { createOrigins } from './presence/origins.js';
import { createPresence } from './presence/presence.js';
import { createWaiting } from './presence/waiting.js';
import { watchPeople } from './presence/watch.js';
import { createAnnouncedAddresses } from './presence/announced-addresses.js';
import { trackerProjections } from './projections/derived.js';
import { createDirectory } from './projections/directory.js';
import { createRevocationList } from './projections/revocations.js';
import { runEventRelay } from './reactors/event-relay.js';
import { currentAccountJwt, runRevocations } from './reactors/revocations.js';
import { startMaintenance } from './reactors/maintenance.js';

export interface ServiceParts {
  readonly database: Database;
  /** With the tracker's credentials. */
  readonly bus: Bus;
  /** With those of its door for guests. */
  readonly guestBus: Bus;
  /** With those of the system account. */
  readonly system: Bus;
  /** Has the broker begin with this JWT of the application's account when it is started again. */
  readonly keepAccount: (accountJwt: string) => Promise<void>;
  readonly keyring: Keyring;
  readonly passwords: HasherOptions;
  readonly admission: AdmissionLimits;
  /** How long a room waits for absent admins before a member stands in for them; null: for ever. */
  readonly adminAbsenceMs: number | null;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where the operator looks; nobody does unless told. */
  readonly monitor?: Monitor;
  /** The ports of the reflector, for terminals; none unless told. */
  readonly reflectorPorts?: readonly number[];
}

export interface Service {
  /** Takes no more requests, answers those in hand, and leaves everything durable. */
  stop(): Promise<void>;
}

/** Of rosters and notices; a roster has up to 20 kB. */
const CACHED_SIGNATURES = 500;
/** bcrypt's salts and ours: 128 bits. */
const SALT_BYTES = 16;

/** Rejects with a `BusError` if the broker does not answer; then nothing is left running. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const shutdown = createShutdownStack();
  try {
    await start(parts, shutdown);
  } catch (thrown) {
    await shutdown.close().catch((failed: unknown) => {
      parts.log.error({ err: failed }, 'what had been started could not all be ended');
    });
    throw thrown;
  }
  return { stop: () => shutdown.close() };
}

const encode = (statement: Signed): Uint8Array => Buffer.from(JSON.stringify(statement));

async function start(parts: ServiceParts, shutdown: ShutdownStack): Promise<void> {
  const {
    database,
    bus,
    guestBus,
    system,
    keepAccount,
    keyring,
    clock,
    ids,
    log,
    monitor = silentMonitor,
  } = parts;
  const { metrics } = monitor;
  const { reads } = database;
  const { signing } = keyring;
  // What many people are told, the same for all.
  const cachedSigning = cacheSignatures(signing, CACHED_SIGNATURES);
  const signHead = (head: Parameters<typeof headText>[0]): string =>
    signing.sign(headText(head)).toString('base64url');
  const writer = createWriter({ connection: database.writeConnection, signHead });
  shutdown.add(() => writer.drain());
  const store = createSqlStore({
    reads,
    writer,
    clock,
    newSalt: () => randomBytes(SALT_BYTES).toString('base64url'),
    projections: trackerProjections,
  });
  const commands = createTally();
  const snapshots = createSqlSnapshots(reads, writer, log);
  const host = countedHost(createTrackerHost({ store, snapshots, clock }), commands);
  const directory = createDirectory(reads);
  const revocations = createRevocationList(reads);
  const checkpoints = createSqlCheckpoints(reads, writer);
  const announcedAddresses = createAnnouncedAddresses(reads, writer, clock);
  const passwords = createTally();
  const hasher = countedHasher(createHasher(parts.passwords, clock), passwords);
  shutdown.add(() => hasher.close());

  const presence = createPresence(systemSchedule);
  const adminAbsence = createAdminAbsence({
    directory,
    host,
    presence,
    absenceMs: parts.adminAbsenceMs,
    clock,
    schedule: systemSchedule,
    ids,
    log,
  });
  const origins = createOrigins(systemSchedule);
  const devices = await watchPeople({
    system,
    keyring,
    presence,
    origins,
    onArrival: () => adminAbsence.cameOnline(),
    onDeparture(device) {
      announcedAddresses.left(device).catch((thrown: unknown) => {
        log.warn({ err: thrown, device }, 'when a device was last seen could not be noted');
      });
    },
    log,
    schedule: systemSchedule,
    shutdown,
  });
  shutdown.add(() => adminAbsence.stop());
  await adminAbsence.review();

  const reactors = watchReactors({ store, checkpoints, metrics, clock });
  reactors.add('notices');
  reactors.add('revocations');
  reactors.add('departures');
  const stopping = new AbortController();
  const following = { store, checkpoints, schedule: keepAliveSchedule, log };
  const notifier = runNotifier({
    ...following,
    directory,
    presence,
    signing: cachedSigning,
    push(accounts, notice) {
      const data = encode(notice);
      for (const account of accounts) bus.publish(noticeSubject(account), data);
    },
    signal: stopping.signal,
  });
  const disabledAccounts = runDisabledAccounts({ ...following, directory, host, signal: stopping.signal });
  const eventRelay = runEventRelay({
    ...following,
    relay: createRelay(bus),
    onStatus: (listener) => bus.onStatus(listener),
    signal: stopping.signal,
  });
  shutdown.add(() => {
    stopping.abort();
    return Promise.all([notifier, disabledAccounts, eventRelay]).then(() => undefined);
  });
  shutdown.add(() => host.drain());

  const admission = createAdmission({
    limits: parts.admission,
    reads,
    writer,
    host,
    clock,
    ids,
    log,
  });
  shutdown.add(() => admission.record.idle());

  const blocks = createBlocks(reads, writer, clock);
  const privacy = createPrivacy(reads, writer, clock, directory);
  const introducer = createIntroducer({
    directory,
    presence,
    announcedAddresses,
    waiting: createWaiting(reads, writer),
    blocks,
    privacy,
    signing,
    clock,
    push: (account, introduction) => bus.publish(introductionSubject(account), encode(introduction)),
  });
  const passwordParts = {
    host,
    store,
    directory,
    hasher,
    admission,
    origins,
    passwords: createPasswordTable(store, writer),
    sealing: keyring.sealing,
    clock,
  };
  const changePassword = createPasswordChange(passwordParts);
  const authentication = createAuthentication({
    ...passwordParts,
    revocations,
    grantTo: createGrants({ mint: (claim) => deviceJwt(claim, keyring), directory, revocations, clock }),
    ids,
  });
  const { reflectorPorts = [] } = parts;
  const onBlocks = (account: AccountId): void => bus.publish(blocksSubject(account), Buffer.from('{}'));
  const people = {
    directory,
    presence,
    announcedAddresses,
    introducer,
    blocks,
    privacy,
    onBlocks,
    reflectorPorts,
  };
  const endpoints = serveEndpoints({
    bus,
    guestBus,
    log,
    metrics,
    directory,
    requests: admission.requests,
    authentication,
    handlers: {
      account: createAccountHandler({ host, directory, presence, authentication, changePassword, clock }),
      rooms: createRoomHandler({ host, store, directory, presence, blocks, signing: cachedSigning, ids }),
      sync: createSyncHandler({ directory, store, signing: cachedSigning }),
      people: createPeopleHandler(people),
      private: createPrivateHandler(people),
    },
  });
  shutdown.add(() => endpoints.stop());
  const endRevocations = new AbortController();
  const revocationReactor = runRevocations({
    ...following,
    accountJwt: () => currentAccountJwt(keyring, revocations, clock),
    enforce: async (accountJwt) => {
      // First: a broker that dies now comes back with it.
      await keepAccount(accountJwt);
      // Whoever logs out is told so before the connection ends.
      if (bus.isConnected) await bus.flush();
      await pushAccount(system, accountJwt);
    },
    kick: (device, time) => devices.kick(device, time),
    signal: endRevocations.signal,
  });
  shutdown.add(() => {
    endRevocations.abort();
    return revocationReactor;
  });
  await Promise.all([bus.flush(), guestBus.flush()]);

  showFigures(metrics, { store, presence, commands, passwords });
  shutdown.add(
    monitor.readyWhen({
      database: databaseCheck(writer),
      broker: brokerCheck([bus, guestBus, system]),
      reactors: reactors.check,
    }),
  );
  shutdown.add(startMaintenance({ store, admission, clock, log }));
}
