// The writing of an export: its lines in order, with the digest over all of them, and the file that they go to.
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { messageOf, OperatorError } from '../../core/errors.js';
import type { EventRow } from '../../core/events/event.js';
import { isFileError } from '../../core/files.js';
import type { SigningKey } from '../../core/keys.js';
import {
  endLine,
  endText,
  eventLine,
  type ExportHeader,
  firstDigest,
  headerLine,
  nextDigest,
  type StateRow,
  stateLine,
} from './format.js';

export interface ExportParts {
  readonly header: Omit<ExportHeader, 'format'>;
  readonly state: AsyncIterable<readonly StateRow[]>;
  /** All events of the log up to the head of the header, slice by slice. */
  readonly events: AsyncIterable<readonly EventRow[]>;
  /** The key of the header. */
  readonly signing: SigningKey;
}

// Characters that a terminal could interpret or a person could not see. Escaping keeps the JSON equivalent.
const NOT_PLAIN = /[^\x20-\x7e\n]/g;

/** Lines of JSON in ASCII. */
export const plain = (text: string): string =>
  text.replace(NOT_PLAIN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The text of an export, in chunks of whole lines of ASCII. */
export async function* exportText(parts: ExportParts): AsyncGenerator<string> {
  const { header, state, events, signing } = parts;
  const digest = createHash('sha256');
  let lines = 0;
  const chunk = (texts: readonly string[]): string => {
    const text = plain(`${texts.join('\n')}\n`);
    lines += texts.length;
    digest.update(text);
    return text;
  };
  const first = headerLine(header);
  yield chunk([first]);
  let rowDigest = firstDigest(first);
  for await (const rows of state) {
    const texts = rows.map((row) => {
      rowDigest = nextDigest(rowDigest, row);
      return stateLine(row, rowDigest);
    });
    if (texts.length > 0) yield chunk(texts);
  }
  for await (const rows of events) if (rows.length > 0) yield chunk(rows.map(eventLine));
  const sum = digest.digest('hex');
  const signature = signing.sign(endText(lines, sum)).toString('base64url');
  yield `${endLine({ lines, digest: sum, signature })}\n`;
}

const OWNER_ONLY = 0o600;
/** Fast compression: it keeps up with the reading of the log. */
const GZIP_LEVEL = 2;

/**
 * Writes text to a new file (mode 0600) that is complete and on the disk afterwards, compressed if its name ends in `.gz`. Throws
 * an `OperatorError` if the file exists or cannot be written; then nothing is left behind.
 */
export async function writeNewFile(file: string, text: AsyncIterable<string>): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const output = createWriteStream(draft, { flags: 'wx', mode: OWNER_ONLY, flush: true });
    if (file.endsWith('.gz')) await pipeline(Readable.from(text), createGzip({ level: GZIP_LEVEL }), output);
    else await pipeline(Readable.from(text), output);
    // Unlike a rename, a link never replaces a file.
    await link(draft, file);
    const folder = await open(dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (thrown) {
    if (thrown instanceof OperatorError || !isOfFile(thrown)) throw thrown;
    throw new OperatorError(
      `the file ${file} cannot be written: ${messageOf(thrown)}`,
      'Name a new file in a folder that has free space and that this user may write to. Existing files are never overwritten.',
      { cause: thrown },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

const isOfFile = (thrown: unknown): boolean =>
  thrown instanceof Error && 'syscall' in thrown && !isFileError(thrown, 'EPIPE');
