// The tracker that runs beside this terminal: its home is the one that is named, or in this folder or one above it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFileError } from '../core/files.js';

/** The tracker's home unless told. */
export const TRACKER_HOME = '.partyline';

/**
 * The invite in `home`, if a tracker has made it its own; else that of the nearest tracker's home, from `folder` upwards;
 * undefined if there is none.
 */
export function findLocalInvite(folder: string, home: string | undefined): string | undefined {
  for (const one of [...(home === undefined ? [] : [home]), ...homesAbove(folder)]) {
    try {
      return readFileSync(join(one, 'invite'), 'utf8').trim();
    } catch (error) {
      if (!isFileError(error, 'ENOENT') && !isFileError(error, 'ENOTDIR') && !isFileError(error, 'EACCES'))
        throw error;
    }
  }
  return undefined;
}

function homesAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return [join(folder, TRACKER_HOME), ...(above === folder ? [] : homesAbove(above))];
}
