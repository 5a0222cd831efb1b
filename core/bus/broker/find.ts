// The search for an installed nats-server. It does not download one.
import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import envPaths from 'env-paths';
import { OperatorError } from '../../errors.js';
import { isFileError } from '../../files.js';
import { compareVersions, EXECUTABLE, examine, type FoundBroker, OLDEST_VERSION, spell } from './version.js';

export interface FindOptions {
  /** The operator's choice by flag or environment; if it is set, nothing else is examined. */
  readonly explicit?: string | undefined;
  /** The `PATH` of the environment. */
  readonly path: string;
  /** The folder with downloaded brokers. */
  readonly cache: string;
}

// Distributions install servers in folders outside a user's PATH.
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/opt/homebrew/bin'];

/** The user's folder for downloaded brokers; shared by all homes and specs of the user. */
export const brokerCache = (): string => join(envPaths('partyline', { suffix: '' }).cache, 'broker');

/**
 * The operator's choice, or the first suitable one on `path`, or the newest downloaded one; `undefined` if none is found. Throws
 * an `OperatorError` if the operator's choice is unsuitable.
 */
export async function findBroker({ explicit, path, cache }: FindOptions): Promise<FoundBroker | undefined> {
  if (explicit !== undefined) return chosen(explicit);
  return (await firstOnPath(path)) ?? (await newestIn(cache));
}

async function chosen(binary: string): Promise<FoundBroker> {
  const examined = await examine(binary);
  if (examined.ok) return examined.broker;
  throw new OperatorError(
    `the chosen nats-server cannot be used: ${examined.reason}`,
    `Choose nats-server ${spell(OLDEST_VERSION)} or newer, or remove the setting: the tracker then finds or downloads one.`,
  );
}

async function firstOnPath(path: string): Promise<FoundBroker | undefined> {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...SERVER_FOLDERS];
  for (const folder of new Set(folders)) {
    const binary = join(folder, EXECUTABLE);
    if (!(await isExecutable(binary))) continue;
    const examined = await examine(binary);
    if (examined.ok) return examined.broker;
  }
  return undefined;
}

/** The newest suitable broker in the folders of `cache`. */
export async function newestIn(cache: string): Promise<FoundBroker | undefined> {
  const found: FoundBroker[] = [];
  for (const folder of await foldersIn(cache)) {
    const examined = await examine(join(cache, folder, EXECUTABLE));
    if (examined.ok) found.push(examined.broker);
  }
  return found.sort((a, b) => compareVersions(a.version, b.version)).at(-1);
}

async function foldersIn(cache: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(cache, { withFileTypes: true });
    // A name with a leading dot is an unfinished download.
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return [];
    throw error;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
