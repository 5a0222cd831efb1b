// Lines to standard output, no faster than they are read, until there are no more or nobody reads on.
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isFileError } from '../core/files.js';

/** Resolves when all is written, or when the reader (`head`, a pager that was left) has gone. */
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
