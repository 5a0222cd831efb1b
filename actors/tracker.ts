// A tracker on this machine: its home, database, broker and service, from start to clean shutdown.
import { join } from 'node:path';
import {
  type BrokerTls,
  type CertificateFiles,
  madeCertificate,
  ownCertificate,
} from '../core/bus/broker/certificate.js';
import { type Broker, startBroker } from '../core/bus/broker/process.js';
import type { FoundBroker } from '../core/bus/broker/version.js';
import { connectBus } from '../core/bus/connection/connection.js';
import {
  doorCredentials,
  systemCredentials,
  trackerCredentials,
} from '../core/bus/credentials/credentials.js';
import { eventsCredentials } from '../core/bus/integration/credentials.js';
import { openKeyring } from '../core/bus/credentials/keyring.js';
import { type Clock, keepAliveSchedule, systemSchedule } from '../core/time/clock.js';
import { watchWriteAheadLog } from '../core/write-ahead-log.js';
import { openDatabase } from '../core/events/sql/database.js';
import { replaceFile } from '../core/files.js';
import { lockHome } from '../core/home.js';
import type { Ids } from '../core/ids.js';
import type { Log } from '../core/log.js';
import { formatInvite } from '../core/protocol/invite.js';
import { trackerMigrations } from '../migrations/tracker/all.js';
import { inviteHost } from './address.js';
import type { AdmissionLimits } from './admission/admission.js';
import { createShutdownStack } from '../core/shutdown-stack.js';
import { type MonitorOptions, openMonitor, silentMonitor } from './metrics/monitor.js';
import type { HasherOptions } from './passwords/hasher.js';
import { createIntegrationList } from './projections/integrations.js';
import { createRevocationList } from './projections/revocations.js';
import { trackerTables } from './projections/tables.js';
import { startReflector } from './contact/reflector.js';
import { initialIntegrationAccounts } from './reactors/integrations.js';
import { currentAccountJwt } from './reactors/revocations.js';
import { startService } from './service.js';

export interface TrackerOptions {
  /** The folder that holds everything the tracker stores. */
  readonly home: string;
  readonly nats: FoundBroker;
  /** The address and port the broker listens on; port 0 means any free port. */
  readonly host: string;
  readonly port: number;
  /** The first of the reflector's two UDP ports; default: any two free ports. */
  readonly udpPort?: number;
  /**
   * The operator's own certificate, one made by the tracker, or none. Without a certificate, the traffic to the broker is not
   * encrypted.
   */
  readonly tls: CertificateFiles | 'made' | 'none';
  readonly passwords: HasherOptions;
  readonly admission: AdmissionLimits;
  /** How long a room waits for absent admins before a member becomes admin; null: it waits forever. */
  readonly adminAbsenceMs: number | null;
  readonly clock: Clock;
  /** For durations: it ignores changes of the machine's clock. Default: `clock`. */
  readonly steadyClock?: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The address for metrics, health and readiness; default: they are not served. */
  readonly metrics?: MonitorOptions;
}

export interface Tracker {
  readonly broker: Broker;
  /** Everything a terminal needs to connect; also stored in the home as `invite`. */
  readonly invite: string;
  /** The address of the metrics; null if they are not served. */
  readonly metricsUrl: string | null;
  /** Drains the service and stops the broker. Stops every part even if one fails, and then rejects with that error. */
  stop(): Promise<void>;
}

/** Throws an `OperatorError` if the home is in use, the port is taken, or the database or the broker does not open. */
export async function startTracker(options: TrackerOptions): Promise<Tracker> {
  const { nats, host, port, passwords, admission, clock, ids, log, metrics } = options;
  const { steadyClock = clock } = options;
  const shutdown = createShutdownStack();

  try {
    const lock = await lockHome(options.home);
    shutdown.add(() => lock.release());
    const { home } = lock;
    const monitor = metrics === undefined ? silentMonitor : await openMonitor(metrics, log);
    shutdown.add(() => monitor.close());
    const keyring = await openKeyring(home);
    const file = join(home, 'tracker.db');
    const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
    shutdown.add(() => database.close());
    const writeAheadLog = watchWriteAheadLog({ file, log, schedule: systemSchedule });
    shutdown.add(() => writeAheadLog.close());
    const accountJwt = await currentAccountJwt(keyring, createRevocationList(database.reads), clock);
    const integrations = createIntegrationList(database.reads);
    const integrationAccounts = await initialIntegrationAccounts(keyring, integrations, clock);
    const tls = await tlsOf(options.tls, home, clock);
    const schedule = keepAliveSchedule;
    const broker = await startBroker({
      nats,
      home,
      host,
      port,
      tls,
      keyring,
      accountJwt,
      integrationAccounts,
      log,
      clock,
      schedule,
    });
    shutdown.add(() => broker.stop());

    const connect = async (name: string, credentials: ReturnType<typeof trackerCredentials>) => {
      const bus = await connectBus({
        servers: broker.url,
        pin: broker.pin,
        credentials,
        inboxPrefix: `_INBOX_${name}`,
        name,
        log,
      });
      // Drained rather than closed: the last answers may still be buffered.
      shutdown.add(() => bus.drain());
      return bus;
    };
    const bus = await connect('tracker', trackerCredentials(keyring, clock.now()));
    const eventBus = await connect('events', eventsCredentials(keyring, clock.now()));
    const guestBus = await connect('door', doorCredentials(keyring, clock.now()));
    const system = await connect('system', systemCredentials(keyring, clock.now()));
    const at = inviteHost(broker.host);
    const reflector = await startReflector({ host: at, port: options.udpPort ?? 0, clock: steadyClock, log });
    shutdown.add(() => reflector.close());
    const service = await startService({
      database,
      writeAheadLog,
      bus,
      eventBus,
      guestBus,
      steadyClock,
      system,
      keepAccount: (jwt) => broker.keepAccount(jwt),
      keyring,
      passwords,
      admission,
      adminAbsenceMs: options.adminAbsenceMs,
      clock,
      ids,
      log,
      monitor,
      reflectorPorts: reflector.ports,
    });
    shutdown.add(() => service.stop());

    const invite = formatInvite({
      host: at,
      port: broker.port,
      guest: keyring.guestSigning.seed,
      sign: keyring.signing.publicKey,
      seal: keyring.sealing.publicKey,
      tls: broker.pin,
    });
    await replaceFile(join(home, 'invite'), `${invite}\n`);
    return { broker, invite, metricsUrl: monitor.url, stop: () => shutdown.close() };
  } catch (thrown) {
    await shutdown.close().catch((failed: unknown) => {
      log.error({ err: failed }, 'not every part could be stopped after the failed start');
    });
    throw thrown;
  }
}

async function tlsOf(
  choice: TrackerOptions['tls'],
  home: string,
  clock: Clock,
): Promise<BrokerTls | undefined> {
  if (choice === 'none') return undefined;
  return choice === 'made' ? madeCertificate(home, clock) : ownCertificate(choice);
}
