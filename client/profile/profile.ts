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
import type { Invite } from '../../core/protocol/invite.js';
import { lastUsed, NAME, profilesIn, recordPath, trackerFolder, UNNAMED } from './place.js';
import { damaged, type Enrolment, type ProfileRecord, readRecord, writeRecord } from './record.js';

/** What a terminal remembers between its runs. */
export interface Profile {
  /**
   * Its name. With none asked for: of those that were free the first with an account, `default`, `terminal-2`, `terminal-3`…
   * before the others; with no such, the first of `default`, `terminal-2`… that was free.
   */
  readonly name: string;
  /** The folder (mode 0700), where the history has its place too. */
  readonly folder: string;
  readonly invite: Invite;
  /** The key of this terminal. */
  readonly device: SigningKey;
  /** Who is logged in here; null before the first login and after a logout. */
  readonly enrolment: Enrolment | null;

  /** Remembers a login or fresh credentials. Rejects when they cannot be written; they hold for this run all the same. */
  enrol(enrolment: Enrolment): Promise<void>;
  /** Forgets who was logged in, and the key with it: the next login is another device's. Rejects as `enrol` does. */
  forget(): Promise<void>;
  /** Lets other terminals use it. */
  close(): Promise<void>;
}

export interface ProfileChoice {
  /** The folder of all profiles. */
  readonly home: string;
  /** Null lets the name be chosen. */
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
 * Opens a profile, and makes it when there is none: for the tracker of `invite`, else of `localInvite`, else for the one
 * this profile, or any if none is asked for, was last used with. Throws an `OperatorError` when there is no invite, when the
 * named profile is in use or badly named, and when its file is damaged.
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
  } catch (error) {
    await taken.lock.release();
    throw error;
  }
}

async function rememberedInvite(home: string, name: string | null): Promise<Invite> {
  const record = await lastUsed(home, name);
  if (record !== undefined) return record.invite;
  throw new OperatorError(
    'This terminal has no invite yet: none was given, and neither this folder nor one above it has a tracker whose invite this user may read.',
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

/** Whoever has accounts here wants one of them before a new one. */
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

/** What a profile that nobody named is called, counted from 1. */
const unnamed = (number: number): string => (number === 1 ? UNNAMED : `terminal-${number}`);

/** The number of a profile that nobody named; the others come after these. */
function rank(name: string): number {
  if (name === UNNAMED) return 1;
  const [, number = MAX_UNNAMED + 1] = /^terminal-([1-9]\d{0,3})$/.exec(name) ?? [];
  return Number(number);
}

async function takeFree(tracker: string): Promise<Taken> {
  for (let number = 1; number <= MAX_UNNAMED; number++) {
    const name = unnamed(number);
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
    // It may be older, and open to others.
    await chmod(folder, OWNER_ONLY);
    return await lockFolder(folder, 'terminal.pid');
  } catch (cause) {
    throw new OperatorError(
      `The profile folder ${folder} cannot be used: ${messageOf(cause)}.`,
      'Make it writable for this user, or choose another folder with --home DIR.',
      { cause },
    );
  }
}

async function load({ name, folder, lock }: Taken, invite: Invite, tools: ProfileTools): Promise<Profile> {
  const path = recordPath(folder);
  const stored = await readRecord(path);
  if (stored !== undefined && !stored.invite.sign.equals(invite.sign)) {
    throw damaged(path, 'belongs to another tracker than its folder');
  }
  let record: ProfileRecord = {
    invite,
    device: stored?.device ?? tools.newKey(),
    enrolment: stored?.enrolment ?? null,
    usedAt: tools.clock.now(),
  };
  await writeRecord(path, record);
  // One write at a time: the last change is the last on disk. Each writer hears of its own failure.
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
