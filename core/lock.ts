// A folder kept to one process at a time. What the folder is for, and what to tell whoever is refused, is for others to say.
import { access, constants, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { ensurePrivateFolder, isFileError, replaceFile } from './files.js';

export interface FolderLock {
  /** Lets the folder go; a process that is killed lets go by dying. */
  release(): Promise<void>;
}

/** The lock, or who has it: a process id, null when that cannot be told. */
export type Locking = { readonly lock: FolderLock } | { readonly holder: number | null };

/**
 * Makes `folder` if it is missing (mode 0700) and takes it for this process alone; its file `pidFile` then says who has
 * it. Throws what the file system throws when the folder cannot be used.
 *
 * The lock is an open SQLite transaction: the operating system ends it with the process, however that ends, so there is
 * no stale lock to judge.
 */
export async function lockFolder(folder: string, pidFile: string): Promise<Locking> {
  await ensurePrivateFolder(folder);
  // In words of the file system: the database's own say nothing of rights.
  await access(folder, constants.W_OK);
  const pidPath = join(folder, pidFile);
  const database = new Database(join(folder, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return { holder: await pidIn(pidPath) };
    throw error;
  }
  await replaceFile(pidPath, `${process.pid}\n`);
  return {
    lock: {
      async release() {
        await rm(pidPath, { force: true });
        database.exec('ROLLBACK');
        database.close();
      },
    },
  };
}

/** Who has the lock of `folder`, as `lockFolder` says it; undefined when nobody has. Changes nothing. */
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
    // What another process has for itself alone cannot even be read.
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
    // Whoever has the lock is just about to say who it is.
    if (isFileError(error, 'ENOENT')) return null;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
