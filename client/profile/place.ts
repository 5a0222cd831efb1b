// The paths of profiles: `<home>/<tracker>/<name>/profile.json`, so profiles of several trackers can have the same name.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OperatorError } from '../../core/errors.js';
import { isFileError } from '../../core/files.js';
import type { Invite } from '../../core/protocol/invite.js';
import { type ProfileRecord, readRecord } from './record.js';

const TRACKER = /^[0-9a-f]{12}$/;
/** The name of the first profile for which the user gives no name. */
export const UNNAMED = 'default';
/** The syntax of a profile name. */
export const NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** The folder name of a tracker. It is short and changes only with the signing key of the tracker. */
export function trackerFolder(invite: Pick<Invite, 'sign'>): string {
  return createHash('sha256').update('partyline/tracker/v1\0').update(invite.sign).digest('hex').slice(0, 12);
}

export const recordPath = (folder: string): string => join(folder, 'profile.json');

/**
 * The profile that was opened last, for any tracker. If `name` is not null, only profiles with this name are considered.
 * Undefined if no such profile exists.
 */
export async function lastUsed(home: string, name: string | null): Promise<ProfileRecord | undefined> {
  const trackers = (await foldersIn(home, TRACKER)).map((tracker) => join(home, tracker));
  const folders = await Promise.all(
    trackers.map(async (tracker) =>
      (name === null ? await profilesIn(tracker) : [name]).map((one) => join(tracker, one)),
    ),
  );
  const records = await Promise.all(folders.flat().map((folder) => readRecord(recordPath(folder))));
  return records
    .filter((record) => record !== undefined)
    .toSorted((one, other) => other.usedAt - one.usedAt)
    .at(0);
}

/** The names of the profiles in the folder of a tracker, in no particular order. */
export const profilesIn = (tracker: string): Promise<readonly string[]> => foldersIn(tracker, NAME);

async function foldersIn(home: string, named: RegExp): Promise<readonly string[]> {
  try {
    const entries = await readdir(home, { withFileTypes: true });
    // A profile folder may be a symbolic link.
    return entries.filter((entry) => !entry.isFile() && named.test(entry.name)).map(({ name }) => name);
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return [];
    throw new OperatorError(
      `The profile folder ${home} cannot be read: ${messageOf(error)}.`,
      'Make the folder readable for this user, or choose another folder with --home DIR.',
      { cause: error },
    );
  }
}
