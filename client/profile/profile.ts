// The profile of a terminal: chooses its folder, locks it against other terminals, and stores the key and the login. It uses no
// network.

import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Clock } from '../../core/time/clock.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import { ensurePrivateFolder } from '../../core/files.js';
import type { SigningKey } from '../../core/keys.js';
import { type FolderLock, type Locking, lockFolder } from '../../core/lock.js';
import { createLog } from '../../core/log.js';
import type { Invite } from '../../core/protocol/invite.js';
import { closeAndThrow } from '../../core/shutdown-stack.js';
import { lastUsed, NAME, profilesIn, recordPath, trackerFolder, UNNAMED } from './place.js';
import { damaged, type Enrolment, type ProfileRecord, readRecord, writeRecord } from './record.js';

/** The state that a terminal keeps between its runs. */
export interface Profile {
  /**
   * The name of the profile. If the user gave no name, the first profile with a login that is not in use is taken, in the order
   * `default`, `terminal-2`, `terminal-3`…, then all other names. Without such a profile, the first of the names `default`,
   * `terminal-2`… that is not in use is taken.
   */
  readonly name: string;
  /** The folder of the profile (mode 0700). It also holds the history. */
  readonly folder: string;
  readonly invite: Invite;
  /** The key of this terminal. */
  readonly device: SigningKey;
  /** The login; null before the first login and after a logout. */
  readonly enrolment: Enrolment | null;

  /** Stores a login or renewed credentials. Rejects if they cannot be written. They are still used until the program exits. */
  enrol(enrolment: Enrolment): Promise<void>;
  /** Deletes the login and the key. The next login then enrols a new device. Rejects like `enrol`. */
  forget(): Promise<void>;
  /** Releases the lock, so that other terminals can use the profile. */
  close(): Promise<void>;
}

export interface ProfileChoice {
  /** The folder that contains all profiles. */
  readonly home: string;
  /** The name given by the user; null if the user gave none. */
  readonly name: string | null;
  /** The invite given by the user. */
  readonly invite: Invite | null;
  /** The invite of a tracker on this machine. */
  readonly localInvite: Invite | null;
}

export interface ProfileTools {
  readonly clock: Clock;
  /** Makes the key of a new device. */
  readonly newKey: () => SigningKey;
}

const MAX_UNNAMED = 1_000;
const OWNER_ONLY = 0o700;

/**
 * Opens a profile, or creates it. The tracker is that of `invite`, else that of `localInvite`, else that of the profile that was
 * opened last. If a name is given, only profiles with this name are considered for this. Throws an `OperatorError` if there is no
 * invite, if the named profile is in use, if the name is invalid, or if the file is damaged.
 */
export async function openProfile(choice: ProfileChoice, tools: ProfileTools): Promise<Profile> {
  const { home, name } = choice;
  if (name !== null && !NAME.test(name)) {
    throw new OperatorError(
      `"${name}" is not a valid profile name.`,
      'Use 1 to 32 letters, digits, "_" and "-" with --profile.',
    );
  }
  const invite = choice.invite ?? choice.localInvite ?? (await rememberedInvite(home, name));
  const tracker = join(home, trackerFolder(invite));
  const taken =
    name === null
      ? ((await takeEnrolled(tracker)) ?? (await takeFree(tracker)))
      : await takeNamed(tracker, name);
  try {
    return await load(taken, invite, tools);
  } catch (thrown) {
    return closeAndThrow(
      thrown,
      () => taken.lock.release(),
      // Log to standard error, because the log file is in the profile folder and opens only after the profile.
      (error) =>
        createLog().error({ err: error }, 'the lock of a profile that failed to open was not released'),
    );
  }
}

async function rememberedInvite(home: string, name: string | null): Promise<Invite> {
  const record = await lastUsed(home, name);
  if (record !== undefined) return record.invite;
  throw new OperatorError(
    'This terminal has no invite yet. None was given, and no readable invite of a tracker was found in this folder or the folders above it.',
    'Ask the operator of the tracker for its invite (partyline://…) and run: partyline chat INVITE. Or start a tracker here with: partyline up.',
  );
}

interface Taken {
  readonly name: string;
  readonly folder: string;
  readonly lock: FolderLock;
}

async function takeNamed(tracker: string, name: string): Promise<Taken> {
  const folder = join(tracker, name);
  const locking = await lock(folder);
  if ('lock' in locking) return { name, folder, lock: locking.lock };
  const holder = locking.holder === null ? '' : ` (pid ${locking.holder})`;
  throw new OperatorError(
    `The profile "${name}" is in use by another terminal${holder}.`,
    'Close that terminal, or start this one with another --profile.',
  );
}

/** Locks the first profile with a login that is not in use. Such a profile is preferred to a profile that needs a new account. */
async function takeEnrolled(tracker: string): Promise<Taken | undefined> {
  const names = await profilesIn(tracker);
  for (const name of names.toSorted((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))) {
    const folder = join(tracker, name);
    const record = await readRecord(recordPath(folder));
    if ((record?.enrolment ?? null) === null) continue;
    const locking = await lock(folder);
    if ('lock' in locking) return { name, folder, lock: locking.lock };
  }
  return undefined;
}

/** The name of the profile with this number, counted from 1, if the user gave no name. */
const defaultName = (number: number): string => (number === 1 ? UNNAMED : `terminal-${number}`);

/** The sort rank of a profile: its number if its name is a default name, otherwise a rank after all numbers. */
function rank(name: string): number {
  if (name === UNNAMED) return 1;
  const [, number = MAX_UNNAMED + 1] = /^terminal-([1-9]\d{0,3})$/.exec(name) ?? [];
  return Number(number);
}

async function takeFree(tracker: string): Promise<Taken> {
  for (let number = 1; number <= MAX_UNNAMED; number++) {
    const name = defaultName(number);
    const folder = join(tracker, name);
    const locking = await lock(folder);
    if ('lock' in locking) return { name, folder, lock: locking.lock };
  }
  throw new OperatorError(
    `${MAX_UNNAMED} terminals are already open here.`,
    'Close some, or choose a name with --profile.',
  );
}

async function lock(folder: string): Promise<Locking> {
  try {
    await ensurePrivateFolder(folder);
    // An existing folder may be accessible to other users.
    await chmod(folder, OWNER_ONLY);
    return await lockFolder(folder, 'terminal.pid');
  } catch (cause) {
    throw new OperatorError(
      `The profile folder ${folder} cannot be used: ${messageOf(cause)}.`,
      'Make the folder writable for this user, or choose another folder with --home DIR.',
      { cause },
    );
  }
}

async function load({ name, folder, lock }: Taken, invite: Invite, tools: ProfileTools): Promise<Profile> {
  const path = recordPath(folder);
  const stored = await readRecord(path);
  if (stored !== undefined && !stored.invite.sign.equals(invite.sign)) {
    throw damaged(path, 'has the invite of another tracker than its folder');
  }
  let record: ProfileRecord = {
    invite,
    device: stored?.device ?? tools.newKey(),
    enrolment: stored?.enrolment ?? null,
    usedAt: tools.clock.now(),
  };
  await writeRecord(path, record);
  // Writes run one at a time, so that the disk holds the last change at the end. Each caller receives the error of its own write.
  const writing = pLimit(1);
  let closed: Promise<void> | null = null;
  const keep = (change: Partial<ProfileRecord>): Promise<void> => {
    record = { ...record, ...change };
    const written = record;
    return writing(() => writeRecord(path, written));
  };
  return {
    name,
    folder,
    invite,
    get device() {
      return record.device;
    },
    get enrolment() {
      return record.enrolment;
    },
    enrol: (enrolment) => keep({ enrolment }),
    forget: () => keep({ enrolment: null, device: tools.newKey() }),
    close() {
      closed ??= writing(() => lock.release());
      return closed;
    },
  };
}
