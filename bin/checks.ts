// What the doctor looks at. Each check changes nothing and answers with one finding.
import { access, constants, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { brokerCache, findBroker } from '../core/bus/broker/find.js';
import { whyNotListen } from '../core/bus/broker/port.js';
import { spell } from '../core/bus/broker/version.js';
import { messageOf, OperatorError } from '../core/errors.js';
import { isFileError } from '../core/files.js';
import { parseInvite } from '../core/protocol/invite.js';

export interface Finding {
  readonly subject: string;
  readonly verdict: 'good' | 'note' | 'bad';
  readonly says: string;
  readonly remedy?: string;
}

const ANSWER_MS = 2_000;
const NARROW_COLUMNS = 60;

export function checkNode(version: string): Finding {
  return { subject: 'node', verdict: 'good', says: `Node ${version}` };
}

/** Whether there is a broker's program, or how it will come. */
export async function checkBroker(explicit: string | undefined): Promise<Finding> {
  const subject = 'broker';
  try {
    const found = await findBroker({ explicit, path: process.env['PATH'] ?? '', cache: brokerCache() });
    if (found !== undefined) {
      return { subject, verdict: 'good', says: `nats-server ${spell(found.version)} at ${found.binary}` };
    }
    return { subject, verdict: 'note', says: 'no nats-server yet; the first `partyline up` fetches one' };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { subject, verdict: 'bad', says: error.message, remedy: error.remedy };
  }
}

/** Whether a tracker serves from this home. */
export async function checkTracker(home: string): Promise<Finding> {
  const subject = 'tracker';
  const invite = await inviteOf(home);
  if (invite === undefined) return { subject, verdict: 'note', says: `none has run in ${home} yet` };
  const parsed = parseInvite(invite);
  if (!('invite' in parsed)) {
    const remedy = 'Start the tracker there; it writes the invite anew.';
    return { subject, verdict: 'bad', says: `the invite in ${home} cannot be read`, remedy };
  }
  const { host, port } = parsed.invite;
  return (await answers(host, port))
    ? { subject, verdict: 'good', says: `its broker answers at ${host}:${port}` }
    : { subject, verdict: 'note', says: `not running: nothing answers at ${host}:${port}` };
}

/** Whether the broker could listen where it is told to, or does already. */
export async function checkPort(host: string, port: number, home: string): Promise<Finding> {
  const subject = 'port';
  const parsed = parseInvite((await inviteOf(home)) ?? '');
  if ('invite' in parsed && parsed.invite.port === port && (await answers(host, port))) {
    return { subject, verdict: 'good', says: `${port} is in use by the tracker of this home` };
  }
  const error = await whyNotListen(host, port);
  if (error === null) return { subject, verdict: 'good', says: `${port} on ${host} is free` };
  const problem = isFileError(error, 'EADDRINUSE') ? 'another program has it' : error.message;
  const remedy = 'End the program that has it, or choose another: --broker-port N, or 0 for any free one.';
  return { subject, verdict: 'bad', says: `${port} on ${host} cannot be used: ${problem}`, remedy };
}

/** Whether the database can be read, or its folder be made. */
export async function checkDatabase(home: string): Promise<Finding> {
  const subject = 'database';
  const file = join(home, 'tracker.db');
  try {
    await stat(file);
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
    const place = await nearestFolder(home);
    if (await isWritable(place)) return { subject, verdict: 'good', says: `will be made in ${home}` };
    const remedy = 'Choose a folder that you may write to: --home DIR.';
    return { subject, verdict: 'bad', says: `${place} is not yours to write`, remedy };
  }
  const remedy = 'Restore it from a backup; keep the damaged file for a closer look.';
  try {
    const database = new Database(file, { readonly: true });
    const rows: unknown = database.prepare('PRAGMA quick_check').all();
    database.close();
    if (JSON.stringify(rows).includes('"ok"')) return { subject, verdict: 'good', says: `${file} is whole` };
    return { subject, verdict: 'bad', says: `${file} is damaged`, remedy };
  } catch (error) {
    return { subject, verdict: 'bad', says: `${file} cannot be read: ${messageOf(error)}`, remedy };
  }
}

/** What the terminal can show. */
export function checkTerminal(
  env: Readonly<Record<string, string | undefined>>,
  output: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
): Finding {
  const subject = 'terminal';
  if (output.isTTY !== true)
    return { subject, verdict: 'note', says: 'none here: use `partyline chat --json` or --plain' };
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? '';
  const size = `${output.columns ?? 0}x${output.rows ?? 0}`;
  if (!/utf-?8/i.test(locale)) {
    const remedy = 'Set LANG to a UTF-8 locale, such as C.UTF-8, so that every script can be shown.';
    return { subject, verdict: 'note', says: `the locale "${locale}" is not UTF-8`, remedy };
  }
  if ((output.columns ?? 0) < NARROW_COLUMNS) {
    return {
      subject,
      verdict: 'note',
      says: `${size} is narrow`,
      remedy: `Make it ${NARROW_COLUMNS} columns wide or more.`,
    };
  }
  return { subject, verdict: 'good', says: `${env['TERM'] ?? 'unknown'}, ${size}, UTF-8` };
}

async function inviteOf(home: string): Promise<string | undefined> {
  try {
    return await readFile(join(home, 'invite'), 'utf8');
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether a broker greets there. */
function answers(host: string, port: number): Promise<boolean> {
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

async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (!isFileError(error, 'ENOENT') || dirname(path) === path) throw error;
    return nearestFolder(dirname(path));
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (isFileError(error, 'EACCES') || isFileError(error, 'EROFS')) return false;
    throw error;
  }
}
