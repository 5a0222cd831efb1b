// The checks of `partyline doctor`. A check changes nothing and returns one finding.
import { access, constants, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { readKeyring } from '../core/bus/credentials/keyring.js';
import { brokerFolder } from '../core/bus/broker/configuration.js';
import { brokerCache, findBroker } from '../core/bus/broker/find.js';
import { whyNotListen } from '../core/bus/broker/port.js';
import { spell } from '../core/bus/broker/version.js';
import { OperatorError } from '../core/errors.js';
import { isFileError } from '../core/files.js';
import { homeHolder } from '../core/home.js';
import { type Invite, parseInvite } from '../core/protocol/invite.js';

export interface Finding {
  readonly subject: string;
  readonly verdict: 'good' | 'note' | 'bad';
  readonly says: string;
  readonly remedy?: string;
}

const ANSWER_MS = 2_000;
const NARROW_COLUMNS = 60;
const ANOTHER_HOME = 'Choose a folder that you may write to: --home DIR.';
export const AS_ITS_USER = 'Use the user account that owns it, or choose another folder: --home DIR.';

export function checkNode(version: string): Finding {
  return { subject: 'node', verdict: 'good', says: `Node ${version}` };
}

/** Whether the broker's program is installed, or how it will be installed. */
export async function checkBroker(explicit: string | undefined): Promise<Finding> {
  const subject = 'broker';
  try {
    const found = await findBroker({ explicit, path: process.env['PATH'] ?? '', cache: brokerCache() });
    if (found !== undefined) {
      return { subject, verdict: 'good', says: `nats-server ${spell(found.version)} at ${found.binary}` };
    }
    return { subject, verdict: 'note', says: 'no nats-server yet; the first `partyline up` downloads it' };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { subject, verdict: 'bad', says: error.message, remedy: error.remedy };
  }
}

/** Whether a tracker is running from this home. */
export async function checkTracker(home: string): Promise<Finding> {
  const subject = 'tracker';
  const invite = await inviteOf(home);
  if (invite === undefined) return { subject, verdict: 'note', says: `no tracker has run in ${home} yet` };
  if (invite === null) return { subject, verdict: 'note', says: `this user may not read ${home}` };
  const parsed = parseInvite(invite);
  if (!('invite' in parsed)) {
    const remedy = 'Start the tracker with this home; it writes the invite again.';
    return { subject, verdict: 'bad', says: `the invite in ${home} cannot be read`, remedy };
  }
  const at = `${parsed.invite.host}:${parsed.invite.port}`;
  const holder = await homeHolder(home);
  if (holder === undefined)
    return { subject, verdict: 'note', says: `not running; its invite names the broker at ${at}` };
  const who = holder === null ? 'runs' : `running (pid ${holder})`;
  if (await answers(parsed.invite))
    return { subject, verdict: 'good', says: `${who}; its broker answers at ${at}` };
  const remedy = `See ${join(home, 'tracker.log')} and ${brokerFolder(home).log}.`;
  return { subject, verdict: 'bad', says: `${who}, but its broker does not answer at ${at}`, remedy };
}

/** Whether the broker can listen at this address, or already listens there. */
export async function checkPort(host: string, port: number, home: string): Promise<Finding> {
  const subject = 'port';
  const error = await whyNotListen(host, port);
  if (error === null) return { subject, verdict: 'good', says: `${port} on ${host} is free` };
  const parsed = parseInvite((await inviteOf(home)) ?? '');
  if ('invite' in parsed && parsed.invite.port === port && (await answers(parsed.invite))) {
    if ((await homeHolder(home)) !== undefined) {
      return { subject, verdict: 'good', says: `${port} is in use by the tracker of this home` };
    }
    if (await isThere(brokerFolder(home).pidFile)) {
      const says = `${port} is in use, probably by the broker of a tracker that was killed; the next start of the tracker stops that broker`;
      return { subject, verdict: 'note', says };
    }
  }
  const problem = isFileError(error, 'EADDRINUSE') ? 'another program uses it' : error.message;
  const remedy =
    'Stop the program that uses the port, or choose another port: --broker-port N, or 0 for any free port.';
  return { subject, verdict: 'bad', says: `${port} on ${host} cannot be used: ${problem}`, remedy };
}

/** Whether the home is a writable folder, or can be created. */
export async function checkHome(home: string): Promise<Finding> {
  const subject = 'home';
  const place = await nearest(home);
  if (!(await isWritable(place))) {
    const remedy = place === home ? AS_ITS_USER : ANOTHER_HOME;
    return { subject, verdict: 'bad', says: `this user may not write to ${place}`, remedy };
  }
  if (!(await stat(place)).isDirectory()) {
    return { subject, verdict: 'bad', says: `${place} is not a folder`, remedy: ANOTHER_HOME };
  }
  return { subject, verdict: 'good', says: place === home ? home : `${home} will be created` };
}

/** Whether the keys of the deployment can be read, or are not needed yet. */
export async function checkKeys(home: string): Promise<Finding> {
  const subject = 'keys';
  try {
    if ((await readKeyring(home)) !== undefined) {
      return { subject, verdict: 'good', says: `${join(home, 'keys.json')} is intact` };
    }
    if (!(await isThere(join(home, 'tracker.db')))) {
      return { subject, verdict: 'good', says: `will be created in ${home}` };
    }
    const remedy =
      'Restore keys.json from a backup. Without it the next start makes new keys; then everyone needs the new invite and must log in again.';
    return { subject, verdict: 'bad', says: `${home} has a database but no keys.json`, remedy };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { subject, verdict: 'bad', says: error.message, remedy: error.remedy };
  }
}

/** Which faces the terminal can show. */
export function checkTerminal(
  env: Readonly<Record<string, string | undefined>>,
  output: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
): Finding {
  const subject = 'terminal';
  if (output.isTTY !== true)
    return { subject, verdict: 'note', says: 'not a terminal: use `partyline chat --json` or --plain' };
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? '';
  const size = `${output.columns ?? 0}x${output.rows ?? 0}`;
  if (!/utf-?8/i.test(locale)) {
    const remedy =
      'Set LANG to a UTF-8 locale, such as C.UTF-8, so that the letters of all languages can be shown.';
    return { subject, verdict: 'note', says: `the locale "${locale}" is not UTF-8`, remedy };
  }
  if ((output.columns ?? 0) < NARROW_COLUMNS) {
    return {
      subject,
      verdict: 'note',
      says: `${size} is too narrow`,
      remedy: `Make the terminal at least ${NARROW_COLUMNS} columns wide.`,
    };
  }
  return { subject, verdict: 'good', says: `${env['TERM'] ?? 'unknown'}, ${size}, UTF-8` };
}

/** Undefined if there is no invite, null if this user may not read it. */
async function inviteOf(home: string): Promise<string | null | undefined> {
  try {
    return await readFile(join(home, 'invite'), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (isFileError(error, 'EACCES')) return null;
    throw error;
  }
}

/** Whether a broker sends its greeting at this address. */
function answers({ host, port }: Pick<Invite, 'host' | 'port'>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (isBroker: boolean) => {
      socket.destroy();
      resolve(isBroker);
    };
    socket.once('data', (greeting) => end(greeting.toString('latin1').startsWith('INFO ')));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('close', () => resolve(false));
  });
}

/** `path`, or its nearest existing parent. */
async function nearest(path: string): Promise<string> {
  return (await isThere(path)) || dirname(path) === path ? path : nearest(dirname(path));
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    // The user may not read the folder of this path, so the path counts as existing.
    if (isFileError(error, 'EACCES')) return true;
    throw error;
  }
}

/** Also true if a parent of the path is a file and not a folder. */
const isMissing = (error: unknown): boolean => isFileError(error, 'ENOENT') || isFileError(error, 'ENOTDIR');

export async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    if (isFileError(error, 'EACCES') || isFileError(error, 'EROFS')) return false;
    throw error;
  }
}
