// What the broker is told: the readable nats.conf, and beside it what only this deployment and this version need.
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
import type { Keyring } from '../credentials/keyring.js';
import { rawPublicKey } from '../credentials/nkey.js';
import type { CertificateFiles } from './certificate.js';
import { isBefore, type Version } from './version.js';

/** The folder `broker` of a home, and what lies in it. */
export interface BrokerFolder {
  readonly path: string;
  readonly configuration: string;
  readonly deployment: string;
  readonly log: string;
  /** What the server says before its log is open, such as a mistake in its configuration. */
  readonly startLog: string;
  readonly pidFile: string;
  /** The port of the last start: terminals look there again. */
  readonly portFile: string;
  /** Where the server tells which ports it got. */
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
  /** 0 = any free one. */
  readonly port: number;
  /** Without it the broker speaks in the clear. */
  readonly tls: CertificateFiles | undefined;
  /** Milliseconds since the epoch; the operator's and the lesser accounts' JWTs are as old as this. */
  readonly issuedAt: number;
  /** The application's account, with all revocations that are due. */
  readonly accountJwt: string;
}

/** `nats.conf` in the package's root, seen from the compiled file. */
export const PACKAGED_CONFIGURATION = fileURLToPath(new URL('../../../../nats.conf', import.meta.url));

// Version 2.10 brought these; 2.9 refuses to start with a field it does not know.
const VERSION_2_10: Version = { major: 2, minor: 10, patch: 0 };

/** @param home absolute, as are all paths that follow from it. */
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

/** Writes both files into the broker's folder. `readable` is the path of the readable part. */
export async function writeConfiguration(deployment: Deployment, readable: string): Promise<void> {
  const { folder } = deployment;
  await ensurePrivateFolder(folder.path);
  await replaceFile(folder.configuration, await readFile(readable, 'utf8'));
  await replaceFile(folder.deployment, deploymentConfiguration(deployment));
}

/** The text of `deployment.conf`, with only what that server version knows. */
export function deploymentConfiguration(deployment: Deployment): string {
  const { folder, version, keyring, host, port, tls, issuedAt, accountJwt } = deployment;
  const isModern = !isBefore(version, VERSION_2_10);
  const address = host.includes(':') ? `[${host}]` : host;
  const lines = [
    '# Made by the tracker at each start. Changes belong into nats.conf of the package.',
    'server_name: partyline',
    `listen: ${quote(`${address}:${port === 0 ? -1 : port}`)}`,
    // The handshake may take longer than the two seconds that the server gives it: clients come all at once after a restart.
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
    `  ${guestAccountOf(rawPublicKey(keyring.guestSigning.publicKey))}: ${guestAccountJwt(keyring, issuedAt)}`,
    '}',
    '',
    'jetstream {',
    `  store_dir: ${quote(folder.jetstream)}`,
    // Two minutes by default. What is lost at a power failure is refilled from the tracker's log.
    ...(isModern ? ['  sync_interval: "10s"'] : []),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const quote = (text: string): string => JSON.stringify(text);
