// The broker's configuration: the readable nats.conf, and the part that is specific to this deployment and version.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePrivateFolder, replaceFile } from '../../files.js';
import {
  doorAccountJwt,
  doorAccountOf,
  guestAccountJwt,
  guestAccountOf,
  operatorJwt,
  systemAccountJwt,
} from '../credentials/credentials.js';
import { eventsAccountJwt, eventsAccountOf } from '../integration/credentials.js';
import type { Keyring } from '../credentials/keyring.js';
import { rawPublicKey } from '../credentials/nkey.js';
import type { CertificateFiles } from './certificate.js';
import { isBefore, type Version } from './version.js';

/** The folder `broker` of a home and its files. */
export interface BrokerFolder {
  readonly path: string;
  readonly configuration: string;
  readonly deployment: string;
  readonly log: string;
  /** The server's output before its log is open, such as a configuration error. */
  readonly startLog: string;
  readonly pidFile: string;
  /** The file with the port of the last start. Terminals reconnect to that port. */
  readonly portFile: string;
  /** The folder in which the server reports its ports. */
  readonly ports: string;
  readonly accounts: string;
  readonly jetstream: string;
}

export interface Deployment {
  readonly folder: BrokerFolder;
  readonly version: Version;
  readonly keyring: Keyring;
  /** An address of this machine, without brackets. */
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Undefined means no encryption. */
  readonly tls: CertificateFiles | undefined;
  /** The issue time of the operator's JWT and the minor accounts' JWTs, in milliseconds since the epoch. */
  readonly issuedAt: number;
  /** The application's account, with all current revocations. */
  readonly accountJwt: string;
}

/** `nats.conf` in the package's root, relative to the compiled file. */
export const PACKAGED_CONFIGURATION = fileURLToPath(new URL('../../../../nats.conf', import.meta.url));

// Fields added in version 2.10; version 2.9 refuses to start with an unknown field.
const VERSION_2_10: Version = { major: 2, minor: 10, patch: 0 };

/** @param home absolute; all resulting paths are absolute too */
export function brokerFolder(home: string): BrokerFolder {
  const path = join(home, 'broker');
  return {
    path,
    configuration: join(path, 'nats.conf'),
    deployment: join(path, 'deployment.conf'),
    log: join(path, 'broker.log'),
    startLog: join(path, 'start.log'),
    pidFile: join(path, 'broker.pid'),
    portFile: join(path, 'port'),
    ports: join(path, 'ports'),
    accounts: join(path, 'accounts'),
    jetstream: join(path, 'jetstream'),
  };
}

/**
 * Stores the JWTs of further accounts, such as `integrationAccountJwt`, by account. Only before the server starts: a running server
 * gets them with `pushAccount` and stores them itself.
 */
export async function storeAccounts(
  { accounts }: BrokerFolder,
  jwts: ReadonlyMap<string, string>,
): Promise<void> {
  await ensurePrivateFolder(accounts);
  for (const [account, jwt] of jwts) await replaceFile(join(accounts, `${account}.jwt`), jwt);
}

/** Writes both parts of the configuration into the broker's folder. `readable` is the path of the readable part, nats.conf. */
export async function writeConfiguration(deployment: Deployment, readable: string): Promise<void> {
  const { folder } = deployment;
  await ensurePrivateFolder(folder.path);
  await replaceFile(folder.configuration, await readFile(readable, 'utf8'));
  await replaceFile(folder.deployment, deploymentConfiguration(deployment));
}

/** The text of `deployment.conf`, with only the fields that the server version supports. */
export function deploymentConfiguration(deployment: Deployment): string {
  const { folder, version, keyring, host, port, tls, issuedAt, accountJwt } = deployment;
  const isModern = !isBefore(version, VERSION_2_10);
  const address = host.includes(':') ? `[${host}]` : host;
  const lines = [
    '# Made by the tracker at each start. Change the nats.conf of the package instead.',
    'server_name: partyline',
    `listen: ${quote(`${address}:${port === 0 ? -1 : port}`)}`,
    // The server's default of two seconds is too short for a handshake when all clients reconnect after a restart.
    ...(tls ? [`tls { cert_file: ${quote(tls.certificate)}, key_file: ${quote(tls.key)}, timeout: 5 }`] : []),
    `ports_file_dir: ${quote(folder.ports)}`,
    `log_file: ${quote(folder.log)}`,
    ...(isModern ? ['logfile_max_num: 4'] : []),
    '',
    `operator: ${operatorJwt(keyring, issuedAt)}`,
    `system_account: ${keyring.systemAccount.publicKey}`,
    `resolver { type: full, dir: ${quote(folder.accounts)}, allow_delete: true, interval: "2m", limit: 1000 }`,
    'resolver_preload {',
    `  ${keyring.systemAccount.publicKey}: ${systemAccountJwt(keyring, issuedAt)}`,
    `  ${keyring.account.publicKey}: ${accountJwt}`,
    `  ${doorAccountOf(keyring)}: ${doorAccountJwt(keyring, issuedAt)}`,
    `  ${eventsAccountOf(keyring)}: ${eventsAccountJwt(keyring, issuedAt)}`,
    `  ${guestAccountOf(rawPublicKey(keyring.guestSigning.publicKey))}: ${guestAccountJwt(keyring, issuedAt)}`,
    '}',
    '',
    'jetstream {',
    `  store_dir: ${quote(folder.jetstream)}`,
    // The default is two minutes. Events lost in a power failure are published again from the tracker's log.
    ...(isModern ? ['  sync_interval: "10s"'] : []),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const quote = (text: string): string => JSON.stringify(text);
