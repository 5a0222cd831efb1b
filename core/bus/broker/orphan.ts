// The broker that a killed tracker left running in this home: found by its pid file and verified by its command line.
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors.js';
import { isFileError } from '../../files.js';
import type { Schedule } from '../../time/clock.js';
import { delay, withDeadline } from '../../time/wait.js';
import type { BrokerFolder } from './configuration.js';

const run = promisify(execFile);
const PATIENCE_MS = 5_000;
const POLL_MS = 10;

/** Ends a nats-server that runs with this folder's configuration; returns its pid, or undefined if none runs. */
export async function endOrphan(folder: BrokerFolder, schedule: Schedule): Promise<number | undefined> {
  const pid = await pidIn(folder.pidFile);
  if (pid === undefined || !(await isOurs(pid, folder))) return undefined;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    signalTo(pid, signal);
    if (await isGone(pid, folder, schedule)) {
      await rm(folder.pidFile, { force: true });
      return pid;
    }
  }
  throw new OperatorError(
    `the earlier broker of this home (pid ${pid}) does not stop`,
    `End process ${pid}, then start again.`,
  );
}

function isGone(pid: number, folder: BrokerFolder, schedule: Schedule): Promise<boolean> {
  const timeout = (): Error => new Error(`process ${pid} still runs`);
  return withDeadline(schedule, PATIENCE_MS, { timeout }, async (limit) => {
    while (await isOurs(pid, folder)) {
      if (limit.aborted) return false;
      await delay(schedule, POLL_MS);
    }
    return true;
  });
}

async function pidIn(path: string): Promise<number | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

// The pid may belong to another process: only one with our configuration is ours. A zombie has no command line and
// counts as gone.
async function isOurs(pid: number, { configuration }: BrokerFolder): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(configuration);
  } catch (error) {
    if (process.platform === 'linux' && (isFileError(error, 'ENOENT') || isFileError(error, 'ESRCH')))
      return false;
    return isOursByPs(pid, configuration);
  }
}

async function isOursByPs(pid: number, configuration: string): Promise<boolean> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)]);
    return stdout.trimEnd().endsWith(` -c ${configuration}`);
  } catch {
    // ps exits with 1 if there is no such process.
    return false;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isFileError(error, 'ESRCH')) throw error;
  }
}
