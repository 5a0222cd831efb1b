// A tracker's home folder and the lock that keeps it to one tracker. What lies in it is for others to say.
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import Database from 'libsql';
import { messageOf, OperatorError } from './errors.js';
import { ensurePrivateFolder, isFileError, replaceFile } from './files.js';

export interface HomeLock {
  /** The home, absolute. */
  readonly home: string;
  /** Lets the home go; a process that is killed lets go by dying. */
  release(): Promise<void>;
}

/**
 * Makes `home` if it is missing (mode 0700) and takes it for this process alone. Throws an `OperatorError` that names the
 * other process if it is taken.
 *
 * The lock is an open SQLite transaction: the operating system ends it with the process, however that ends, so there is
 * no stale lock to judge.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const path = resolve(home);
  const pidFile = join(path, 'tracker.pid');
  const database = await openLock(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw unusable(path, error);
    throw new OperatorError(
      `home ${path} is in use by another tracker${await holder(pidFile)}`,
      'End that tracker first, or choose another home: --home DIR.',
      { cause: error },
    );
  }
  await replaceFile(pidFile, `${process.pid}\n`);
  return {
    home: path,
    release: async () => {
      await rm(pidFile, { force: true });
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

async function openLock(path: string): Promise<Database.Database> {
  try {
    await ensurePrivateFolder(path);
    return new Database(join(path, 'lock'), { timeout: 0 });
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): OperatorError {
  return new OperatorError(
    `home ${path} cannot be used: ${messageOf(cause)}`,
    'Choose a folder that this user may write to: --home DIR.',
    { cause },
  );
}

async function holder(pidFile: string): Promise<string> {
  try {
    return ` (pid ${(await readFile(pidFile, 'utf8')).trim()})`;
  } catch (error) {
    // It has the lock already and is just about to say who it is.
    if (isFileError(error, 'ENOENT')) return '';
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
