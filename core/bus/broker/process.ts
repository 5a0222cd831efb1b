// A tracker's own broker, from its first start to its end. This module does not handle messages.
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperatorError } from '../../errors.js';
import { isFileError, replaceFile } from '../../files.js';
import type { Log } from '../../log.js';
import type { Clock, Schedule } from '../../time/clock.js';
import type { Keyring } from '../credentials/keyring.js';
import type { BrokerTls } from './certificate.js';
import { brokerFolder, PACKAGED_CONFIGURATION, storeAccounts, writeConfiguration } from './configuration.js';
import { endOrphan } from './orphan.js';
import { portTaken } from './port.js';
import { type Server, type StartedServer, startServer } from './server.js';
import { type BrokerEvent, supervise } from './supervisor.js';
import { type FoundBroker, spell } from './version.js';

export interface BrokerOptions {
  readonly nats: FoundBroker;
  /** The tracker's home, locked by the caller. The broker uses its folder `broker`. */
  readonly home: string;
  /** The address to listen on. */
  readonly host: string;
  /** 0 means the port of the last start in this home if it is free, otherwise any free port. */
  readonly port: number;
  /** The broker's certificate. Without it there is no encryption: only for loopback, or at the operator's risk. */
  readonly tls?: BrokerTls | undefined;
  readonly keyring: Keyring;
  /** The initial JWT of the application's account: `applicationAccountJwt` with all current revocations. */
  readonly accountJwt: string;
  /** The initial JWTs of the accounts of integrations, by account; default: those that the broker has. */
  readonly integrationAccounts?: ReadonlyMap<string, string>;
  readonly log: Log;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** The path of a nats.conf, the part of the configuration that people edit; by default the nats.conf of the package. */
  readonly configuration?: string;
  readonly onEvent?: (event: BrokerEvent) => void;
}

export interface Broker {
  /** The address for clients on this machine: `nats://host:port`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The pin that clients must require; undefined without TLS. */
  readonly pin: string | undefined;
  /** The pid of the running server; 0 while none is running. */
  readonly pid: number;
  /** The version, for example `2.10.27`. */
  readonly version: string;
  /** Later starts of the server use this JWT of the application's account. The running server keeps its JWT. */
  keepAccount(accountJwt: string): Promise<void>;
  /** Ends the broker and its supervision. */
  stop(): Promise<void>;
}

/**
 * Starts a broker in `home` and keeps it running. Ends a broker left by a killed tracker first. Throws an
 * `OperatorError` if the port is in use or the server does not start.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { nats, keyring, host, tls, clock, schedule, log } = options;
  const folder = brokerFolder(resolve(options.home));
  const orphan = await endOrphan(folder, schedule);
  if (orphan !== undefined)
    log.warn({ brokerPid: orphan }, 'ended the broker that an earlier tracker left behind');
  await storeAccounts(folder, options.integrationAccounts ?? new Map());
  const issuedAt = clock.now();
  const configure = (port: number, accountJwt: string): Promise<void> => {
    const deployment = { folder, version: nats.version, keyring, host, port, tls, issuedAt, accountJwt };
    return writeConfiguration(deployment, options.configuration ?? PACKAGED_CONFIGURATION);
  };
  const begin = (): Promise<StartedServer> => startServer(nats.binary, folder, schedule);

  const server = await firstServer(options, await lastPort(folder.portFile), async (port) => {
    await configure(port, options.accountJwt);
    return begin();
  });
  const { port } = server;
  try {
    // Every later run uses this port and the stored JWT, until a newer one is kept: an older JWT would lack later
    // revocations and readmit the revoked devices.
    await configure(port, options.accountJwt);
    await replaceFile(folder.portFile, `${port}\n`);
  } catch (error) {
    await server.end();
    throw error;
  }
  log.info({ brokerPid: server.pid, port, version: spell(nats.version) }, 'the broker runs');
  const supervisor = supervise(server, { begin, log, clock, schedule, onEvent: options.onEvent });
  return {
    url: `nats://${reachable(host)}:${port}`,
    host,
    port,
    pin: tls?.pin,
    version: spell(nats.version),
    get pid() {
      return supervisor.pid();
    },
    keepAccount: (accountJwt) => configure(port, accountJwt),
    stop: async () => {
      await supervisor.stop();
      await rm(folder.pidFile, { force: true });
      log.info('the broker has stopped');
    },
  };
}

async function firstServer(
  { host, port, home }: BrokerOptions,
  last: number | undefined,
  begin: (port: number) => Promise<StartedServer>,
): Promise<Server> {
  if (port === 0 && last !== undefined) {
    const again = await begin(last);
    if (again.ok) return again.server;
    // If another program has the last port, any free port is used: the operator requested no particular one. Any other failure is
    // final.
    if (!again.isPortTaken) throw failure(home, again.reason);
  }
  const started = await begin(port);
  if (started.ok) return started.server;
  if (!started.isPortTaken) throw failure(home, started.reason);
  throw portTaken(host, port);
}

function failure(home: string, reason: string): OperatorError {
  return new OperatorError(
    `the broker does not start: ${reason}`,
    `See ${brokerFolder(resolve(home)).log}, or run \`partyline doctor\` to check the requirements.`,
  );
}

async function lastPort(path: string): Promise<number | undefined> {
  try {
    const port = Number(await readFile(path, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
