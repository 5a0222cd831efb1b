// The tracker's service: storage, presence, reactors and endpoints over a database and buses that the caller opens and closes.
import type { Bus } from '../core/bus/bus.js';
import type { Keyring } from '../core/bus/credentials/keyring.js';
import type { Database } from '../core/events/sql/database.js';
import type { Ids } from '../core/ids.js';
import type { Log } from '../core/log.js';
import { createShutdownStack, type ShutdownStack } from '../core/shutdown-stack.js';
import { type Clock, keepAliveSchedule, systemSchedule } from '../core/time/clock.js';
import type { WriteAheadLog } from '../core/write-ahead-log.js';
import { type AdmissionLimits, createAdmission } from './admission/admission.js';
import { serveEndpoints } from './endpoints.js';
import { createHandlers } from './handlers/handlers.js';
import { createTrackerHost } from './host.js';
import { showFigures } from './metrics/figures.js';
import { type Monitor, silentMonitor } from './metrics/monitor.js';
import { watchQuarantines } from './metrics/quarantine.js';
import { watchReactors } from './metrics/reactors.js';
import { brokerCheck, databaseCheck } from './metrics/readiness.js';
import { countedHasher, countedHost, createTally } from './metrics/tally.js';
import { cacheSignatures } from './notices/signature-cache.js';
import { createHasher, type HasherOptions } from './passwords/hasher.js';
import { createAnnouncedAddresses } from './presence/announced-addresses.js';
import { createOrigins } from './presence/origins.js';
import { createPresence } from './presence/presence.js';
import { watchPeople } from './presence/watch.js';
import { createAdminAbsence } from './reactors/admin-absence.js';
import { startMaintenance } from './reactors/maintenance.js';
import { startReactors, startRevocations } from './reactors/reactors.js';
import { openStorage } from './storage.js';

export interface ServiceParts {
  readonly database: Database;
  /** The watch over the database's write-ahead log, for the metrics. */
  readonly writeAheadLog: Pick<WriteAheadLog, 'bytes'>;
  /** The bus for devices, with the tracker's credentials. */
  readonly bus: Bus;
  /** The bus of the event relay, with the credentials for the account of the events. */
  readonly eventBus: Bus;
  /** The bus for guests, with the credentials of the guest service. */
  readonly guestBus: Bus;
  /** With the credentials of the system account. */
  readonly system: Bus;
  /** Stores the JWT of the application's account for the next start of the broker. */
  readonly keepAccount: (accountJwt: string) => Promise<void>;
  readonly keyring: Keyring;
  readonly passwords: HasherOptions;
  readonly admission: AdmissionLimits;
  /** How long a room waits for absent admins before a member becomes admin; null: it waits forever. */
  readonly adminAbsenceMs: number | null;
  readonly clock: Clock;
  /** For durations: it ignores changes of the machine's clock. Default: `clock`. */
  readonly steadyClock?: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Metrics, health and readiness for the operator; default: they are not served. */
  readonly monitor?: Monitor;
  /** The ports of the reflector; default: none. */
  readonly reflectorPorts?: readonly number[];
}

export interface Service {
  /** Stops accepting requests, answers the running ones, and waits until everything is stored. */
  stop(): Promise<void>;
}

/** Signatures of rosters and notices; a roster takes up to 20 kB. */
const CACHED_SIGNATURES = 500;

/** Rejects with a `BusError` if the broker does not answer; everything that was started is then stopped. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const shutdown = createShutdownStack();
  try {
    await start(parts, shutdown);
  } catch (thrown) {
    await shutdown.close().catch((failed: unknown) => {
      parts.log.error({ err: failed }, 'not every part could be stopped after the failed start');
    });
    throw thrown;
  }
  return { stop: () => shutdown.close() };
}

async function start(parts: ServiceParts, shutdown: ShutdownStack): Promise<void> {
  const { bus, eventBus, guestBus, system, keyring, clock, ids, log, monitor = silentMonitor } = parts;
  const { steadyClock = clock } = parts;
  const { metrics } = monitor;
  const cachedSigning = cacheSignatures(keyring.signing, CACHED_SIGNATURES);

  const storage = openStorage({ database: parts.database, signing: keyring.signing, clock, log, shutdown });
  const { reads, writer, store, snapshots, checkpoints, stopped, directory } = storage;
  // A restored log gets its identity before the first terminal asks.
  await storage.logIdentity();
  const commands = createTally();
  const host = countedHost(createTrackerHost({ store, snapshots, clock }), commands);
  const passwords = createTally();
  const hasher = countedHasher(createHasher(parts.passwords, steadyClock), passwords);
  shutdown.add(() => hasher.close());

  const announcedAddresses = createAnnouncedAddresses(reads, writer, clock);
  const presence = createPresence(systemSchedule);
  const origins = createOrigins(systemSchedule);
  const adminAbsence = createAdminAbsence({
    directory,
    host,
    presence,
    absenceMs: parts.adminAbsenceMs,
    clock,
    steadyClock,
    schedule: systemSchedule,
    ids,
    log,
  });
  const devices = await watchPeople({
    system,
    keyring,
    presence,
    origins,
    onArrival: () => adminAbsence.cameOnline(),
    onDeparture(device) {
      announcedAddresses.left(device).catch((thrown: unknown) => {
        log.warn({ err: thrown, device }, 'the last-seen time of a device could not be stored');
      });
    },
    log,
    schedule: systemSchedule,
    shutdown,
  });
  shutdown.add(() => adminAbsence.stop());
  await adminAbsence.review();

  const reactors = startReactors({
    storage,
    host,
    presence,
    bus,
    eventBus,
    system,
    keyring,
    signing: cachedSigning,
    clock,
    log,
    shutdown,
  });
  shutdown.add(() => host.drain());
  const admission = createAdmission({
    limits: parts.admission,
    reads,
    writer,
    host,
    clock,
    steadyClock,
    ids,
    log,
  });
  shutdown.add(() => admission.record.idle());

  const { authentication, handlers } = createHandlers({
    storage,
    host,
    hasher,
    admission,
    presence,
    origins,
    announcedAddresses,
    bus,
    keyring,
    cachedSigning,
    reflectorPorts: parts.reflectorPorts ?? [],
    clock,
    ids,
    log,
  });
  const endpoints = serveEndpoints({
    bus,
    guestBus,
    clock,
    log,
    metrics,
    directory,
    requests: admission.requests,
    authentication,
    handlers,
  });
  shutdown.add(() => endpoints.stop());
  startRevocations({
    storage,
    bus,
    system,
    keyring,
    keepAccount: parts.keepAccount,
    devices,
    clock,
    log,
    shutdown,
  });
  await Promise.all([bus.flush(), guestBus.flush()]);

  showFigures(metrics, { store, presence, writeAheadLog: parts.writeAheadLog, commands, passwords });
  const reactorWatch = watchReactors({ store, checkpoints, stopped, metrics, clock: steadyClock });
  // The names of the reactors' checkpoints.
  for (const name of ['notices', 'revocations', 'departures', 'integrations']) reactorWatch.add(name);
  reactorWatch.add('events', reactors.relayed);
  shutdown.add(
    monitor.readyWhen({
      database: databaseCheck(writer, keepAliveSchedule),
      broker: brokerCheck([bus, guestBus, system], keepAliveSchedule),
      reactors: reactorWatch.check,
      streams: reactorWatch.streams,
      quarantine: watchQuarantines(reads, metrics),
    }),
  );
  shutdown.add(startMaintenance({ store, admission, clock, schedule: systemSchedule, log }));
}
