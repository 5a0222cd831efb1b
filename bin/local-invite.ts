// The tracker that runs beside this terminal: its home is in this folder or one above it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFileError } from '../core/files.js';

/** The tracker's home unless told. */
export const TRACKER_HOME = '.partyline';

/** The invite of the nearest tracker's home, from `folder` upwards; undefined if there is none. */
export function findLocalInvite(folder: string): string | undefined {
  for (let place = folder; ; place = dirname(place)) {
    try {
      return readFileSync(join(place, TRACKER_HOME, 'invite'), 'utf8').trim();
    } catch (error) {
      if (!isFileError(error, 'ENOENT') && !isFileError(error, 'ENOTDIR') && !isFileError(error, 'EACCES'))
        throw error;
    }
    if (dirname(place) === place) return undefined;
  }
}
