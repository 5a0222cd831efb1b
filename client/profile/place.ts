// Where profiles lie: `<home>/<tracker>/<name>/profile.json`, so that one name can serve several trackers.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OperatorError } from '../../core/errors.js';
import { isFileError } from '../../core/files.js';
import type { Invite } from '../../core/protocol/invite.js';
import { type ProfileRecord, readRecord } from './record.js';

const TRACKER = /^[0-9a-f]{12}$/;

/** How folders call a tracker: short, stable as long as its signing key is. */
export function trackerFolder(invite: Pick<Invite, 'sign'>): string {
  return createHash('sha256').update('partyline/tracker/v1\0').update(invite.sign).digest('hex').slice(0, 12);
}

export const recordPath = (folder: string): string => join(folder, 'profile.json');

/** The profile called `name` that was opened last, whichever tracker it is for; undefined when there is none. */
export async function lastUsed(home: string, name: string): Promise<ProfileRecord | undefined> {
  const paths = (await foldersIn(home)).map((tracker) => recordPath(join(home, tracker, name)));
  const records = await Promise.all(paths.map((path) => readRecord(path)));
  return records
    .filter((record) => record !== undefined)
    .toSorted((one, other) => other.usedAt - one.usedAt)
    .at(0);
}

async function foldersIn(home: string): Promise<readonly string[]> {
  try {
    return (await readdir(home)).filter((name) => TRACKER.test(name));
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return [];
    throw new OperatorError(
      `The folder of the profiles, ${home}, cannot be read: ${messageOf(error)}.`,
      'Make it readable for this user, or choose another: --home DIR.',
      { cause: error },
    );
  }
}
