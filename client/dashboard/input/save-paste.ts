// The saving of a paste to a new file, readable by its owner only.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileError } from '../../../core/files.js';
import { messageOf } from '../../../core/errors.js';

/** @param at milliseconds since the epoch; the name of the file contains the time */
export async function savePaste(
  folder: string,
  text: string,
  at: number,
): Promise<{ readonly file: string } | { readonly problem: string }> {
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
  const file = join(folder, `partyline-paste-${time}.txt`);
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return { file };
  } catch (error) {
    const reason = isFileError(error, 'EEXIST') ? 'it exists already' : messageOf(error);
    return { problem: `The paste could not be written to ${file}: ${reason}.` };
  }
}
