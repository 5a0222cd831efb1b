// A lock on a folder for one process at a time. It does not know the purpose of the folder.
import { access, constants, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { ensurePrivateFolder, isFileError, replaceFile } from './files.js';

export interface FolderLock {
  /**
   * Releases the folder. If it rejects, only the file with the process id could not be deleted; the folder is released. The end
   * of a killed process also releases the folder.
   */
  release(): Promise<void>;
}

const OWNER_ONLY = 0o600;

/** The lock, or the process id of its holder; null if that is unknown. */
export type Locking = { readonly lock: FolderLock } | { readonly holder: number | null };

/**
 * Creates `folder` if missing (mode 0700) and locks it for this process; the file `pidFile` then contains the process
 * id. Throws the file system's error if the folder cannot be used. The lock is an open SQLite transaction: the
 * operating system ends it with the process, so there is never a stale lock.
 */
export async function lockFolder(folder: string, pidFile: string): Promise<Locking> {
  await ensurePrivateFolder(folder);
  // Fails with the file system's error: the database's errors do not mention permissions.
  await access(folder, constants.W_OK);
  const pidPath = join(folder, pidFile);
  const file = join(folder, 'lock');
  await createEmpty(file);
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return { holder: await pidIn(pidPath) };
    throw error;
  }
  const unlock = (): void => {
    database.exec('ROLLBACK');
    database.close();
  };
  try {
    await replaceFile(pidPath, `${process.pid}\n`);
  } catch (error) {
    unlock();
    throw error;
  }
  return {
    lock: {
      async release() {
        try {
          await rm(pidPath, { force: true });
        } finally {
          unlock();
        }
      },
    },
  };
}

/** The holder of the lock on `folder`, as in `lockFolder`; undefined if nobody has it. Changes nothing. */
export async function lockHolder(folder: string, pidFile: string): Promise<number | null | undefined> {
  const file = join(folder, 'lock');
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    if (isFileError(error, 'ENOENT') || isFileError(error, 'ENOTDIR')) return undefined;
    throw error;
  }
  const database = new Database(file, { readonly: true, timeout: 0 });
  try {
    // A database locked exclusively by another process cannot be read.
    database.prepare('SELECT 1 FROM sqlite_schema').all();
    return undefined;
  } catch (error) {
    if (isBusy(error)) return pidIn(join(folder, pidFile));
    throw error;
  } finally {
    database.close();
  }
}

async function pidIn(path: string): Promise<number | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
  } catch (error) {
    // The holder has the lock but has not yet written its process id.
    if (isFileError(error, 'ENOENT')) return null;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/**
 * Creates the file unless it exists, because SQLite would create it readable by other users. An existing file is not opened:
 * closing it would end the locks that this process has on it.
 */
async function createEmpty(file: string): Promise<void> {
  try {
    await (await open(file, 'wx', OWNER_ONLY)).close();
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
  }
}
