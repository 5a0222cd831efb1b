// The lock on a tracker's home folder. It does not know the folder's contents.
import { resolve } from 'node:path';
import { messageOf, OperatorError } from './errors.js';
import { isFileError } from './files.js';
import { type FolderLock, type Locking, lockFolder, lockHolder } from './lock.js';

const PID_FILE = 'tracker.pid';

export interface HomeLock extends FolderLock {
  /** The absolute path of the home. */
  readonly home: string;
}

/**
 * Creates `home` if missing (mode 0700) and locks it for this process. Throws an `OperatorError` if another process has the lock
 * (the error names the process) or if the folder cannot be used.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const path = resolve(home);
  const locking = await lockOrExplain(path);
  if ('lock' in locking) return { home: path, release: () => locking.lock.release() };
  const holder = locking.holder === null ? '' : ` (pid ${locking.holder})`;
  throw new OperatorError(
    `home ${path} is in use by another tracker${holder}`,
    'Run `partyline chat` to chat on that tracker. To start another tracker, choose another home with --home DIR, or end that tracker first.',
  );
}

/**
 * The process id of the tracker that has locked `home`: null if unknown, undefined if no tracker has locked it. Changes nothing.
 */
export const homeHolder = (home: string): Promise<number | null | undefined> =>
  lockHolder(resolve(home), PID_FILE);

async function lockOrExplain(path: string): Promise<Locking> {
  try {
    return await lockFolder(path, PID_FILE);
  } catch (cause) {
    throw new OperatorError(
      `home ${path} cannot be used: ${isFileError(cause, 'EEXIST') ? 'it is not a folder' : messageOf(cause)}`,
      'Choose a folder that this user may write to: --home DIR.',
      { cause },
    );
  }
}
