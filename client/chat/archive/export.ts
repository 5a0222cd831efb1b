// The export of messages to a new file: one line of JSON each, readable by its owner only. An existing file is never changed.
import { type FileHandle, open, rm } from 'node:fs/promises';
import { messageOf } from '../../../core/errors.js';
import { isFileError } from '../../../core/files.js';
import type { Json } from '../../../core/json.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { SortKey, DatedMessage } from '../../history/port.js';

/** Messages read and written at once. */
const PAGE = 500;

/**
 * Resolves with the number of messages written, or with the reason why no file was written. `page` reads the messages after a
 * sort key.
 */
export async function writeExport(
  file: string,
  page: (after: SortKey | null, limit: number) => Promise<readonly DatedMessage[]>,
  line: (message: DatedMessage) => Json,
): Promise<{ readonly count: number } | { readonly refusal: string }> {
  const name = sanitiseLine(file);
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    const isThere = isFileError(error, 'EEXIST');
    return {
      refusal: isThere
        ? `The file ${name} exists already and is not overwritten. Use another name.`
        : `The file ${name} cannot be created: ${sanitiseLine(messageOf(error))}. Use another name.`,
    };
  }
  try {
    const count = await writeAll(handle, page, line);
    await handle.close();
    return { count };
  } catch (error) {
    await handle.close();
    await rm(file, { force: true });
    return {
      refusal: `The file ${name} could not be written completely and was deleted: ${sanitiseLine(messageOf(error))}.`,
    };
  }
}

async function writeAll(
  handle: FileHandle,
  page: (after: SortKey | null, limit: number) => Promise<readonly DatedMessage[]>,
  line: (message: DatedMessage) => Json,
): Promise<number> {
  let count = 0;
  for (let after: SortKey | null = null; ; ) {
    const messages: readonly DatedMessage[] = await page(after, PAGE);
    const last = messages.at(-1);
    if (last === undefined) return count;
    await handle.appendFile(messages.map((one) => `${JSON.stringify(line(one))}\n`).join(''));
    count += messages.length;
    after = last.key;
  }
}
