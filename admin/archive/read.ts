// The reading of an export in chunks of whole lines, decompressed if it is compressed. It parses no line.
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, OperatorError } from '../../core/errors.js';

/** Some lines of a file, without the last line feed. */
export interface Lines {
  /** The number of the first line, from 1. */
  readonly from: number;
  readonly texts: readonly string[];
}

const GZIP = Buffer.of(0x1f, 0x8b);
const LINE_FEED = 0x0a;
const CHUNK_BYTES = 256 * 1024;
/** A longer line is refused: it would have to be in memory as a whole. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** Reads a file line by line. Throws an `OperatorError` for a file that cannot be read, is cut inside a line, or is no text. */
export async function* readLines(file: string): AsyncGenerator<Lines> {
  let from = 1;
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of contentOf(file)) {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end < 0) {
      rest.push(chunk);
      restBytes += chunk.length;
    } else {
      const bytes = Buffer.concat([...rest, chunk.subarray(0, end)]);
      const texts = textsOf(file, bytes, from);
      yield { from, texts };
      from += texts.length;
      rest = [chunk.subarray(end + 1)];
      restBytes = chunk.length - end - 1;
    }
    if (restBytes > MAX_LINE_BYTES) throw badLine(file, from, 'it is too long');
  }
  if (restBytes > 0)
    throw badLine(file, from, 'the file ends in the middle of this line, so a part of the file is missing');
}

/** The error for a line that is not as it was written. */
export const badLine = (file: string, line: number, reason: string): OperatorError =>
  new OperatorError(
    `line ${line} of ${file} is not as it was written: ${reason}`,
    'Copy the file again from where it was made, or export the log again.',
  );

function textsOf(file: string, bytes: Buffer, from: number): readonly string[] {
  if (isUtf8(bytes)) return bytes.toString('utf8').split('\n');
  // Latin 1 keeps each byte, so that the lines can be told apart.
  const texts = bytes.toString('latin1').split('\n');
  const wrong = texts.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  throw badLine(file, from + wrong, 'it is not text');
}

async function* contentOf(file: string): AsyncGenerator<Buffer> {
  try {
    const isPacked = await isCompressed(file);
    const input = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    // The errors of both streams reach the reader of the last one.
    const chunks: Readable = isPacked
      ? pipeline(input, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined)
      : input;
    for await (const chunk of chunks) yield chunk;
  } catch (thrown) {
    if (thrown instanceof OperatorError || !(thrown instanceof Error) || !('code' in thrown)) throw thrown;
    const isCut = thrown.code === 'Z_BUF_ERROR' || thrown.code === 'Z_DATA_ERROR';
    throw new OperatorError(
      `the file ${file} cannot be read: ${isCut ? 'its compressed data is cut or damaged' : messageOf(thrown)}`,
      isCut
        ? 'Copy the file again from where it was made, or export the log again.'
        : 'Check the path, and whether this user may read the file.',
      { cause: thrown },
    );
  }
}

async function isCompressed(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
    return buffer.equals(GZIP);
  } finally {
    await handle.close();
  }
}
