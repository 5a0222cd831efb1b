// The output of lines at the speed at which their reader takes them, until there are no more lines or the reader closes.
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isFileError } from '../core/files.js';

/** Resolves when everything is written, or when the reader, such as `head` or a pager, has closed. */
export async function print(
  output: Writable,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  try {
    await pipeline(Readable.from(ended(lines)), output, { end: false });
  } catch (error) {
    if (!isFileError(error, 'EPIPE')) throw error;
  }
}

async function* ended(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
