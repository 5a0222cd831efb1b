// The invite of a tracker on this machine. The tracker's home is the named one, or one in this folder or a parent
// folder.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFileError } from '../../core/files.js';

/** The default home of a tracker. */
export const TRACKER_HOME = '.partyline';

/**
 * The invite in `home`, if a tracker has written one there. Without `home`, the invite of the nearest home from
 * `folder` upwards. Undefined if no home has one.
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
