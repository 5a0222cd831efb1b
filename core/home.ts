// A tracker's home folder, kept to one tracker. What lies in it is for others to say.
import { resolve } from 'node:path';
import { messageOf, OperatorError } from './errors.js';
import { isFileError } from './files.js';
import { type FolderLock, type Locking, lockFolder, lockHolder } from './lock.js';

const PID_FILE = 'tracker.pid';

export interface HomeLock extends FolderLock {
  /** The home, absolute. */
  readonly home: string;
}

/**
 * Makes `home` if it is missing (mode 0700) and takes it for this process alone. Throws an `OperatorError` if it is taken,
 * naming the other process, or cannot be used.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  const path = resolve(home);
  const locking = await lockOrExplain(path);
  if ('lock' in locking) return { home: path, release: () => locking.lock.release() };
  const holder = locking.holder === null ? '' : ` (pid ${locking.holder})`;
  throw new OperatorError(
    `home ${path} is in use by another tracker${holder}`,
    'Chat on it with `partyline chat`; or end it first, or choose another home: --home DIR.',
  );
}

/** The process id of the tracker that has `home`: null when it cannot be told, undefined when there is none. Changes nothing. */
export const homeHolder = (home: string): Promise<number | null | undefined> =>
  lockHolder(resolve(home), PID_FILE);

async function lockOrExplain(path: string): Promise<Locking> {
  try {
    return await lockFolder(path, PID_FILE);
  } catch (cause) {
    throw new OperatorError(
      `home ${path} cannot be used: ${isFileError(cause, 'EEXIST') ? 'it is no folder' : messageOf(cause)}`,
      'Choose a folder that this user may write to: --home DIR.',
      { cause },
    );
  }
}
