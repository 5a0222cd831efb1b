// A reader of lines from a stream of untrusted bytes. It buffers at most one line and does not interpret commands.
import type { Readable } from 'node:stream';
import { LINE_MAX_BYTES, type Line, notTextLine, parseLine, tooLongLine } from '../commands/line.js';

const NEWLINE = 0x0a;

/** The lines of `input` up to its end. A broken stream counts as the end, for example when the terminal hangs up. */
export async function* readLines(input: Readable): AsyncGenerator<Line, void> {
  const pending = new PendingLine();
  try {
    for await (const chunk of input) {
      let rest = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
        pending.add(rest.subarray(0, at));
        rest = rest.subarray(at + 1);
        yield pending.take();
      }
      pending.add(rest);
    }
  } catch (error) {
    if (!isBrokenInput(error)) throw error;
  }
  if (!pending.isEmpty) yield pending.take();
}

/** Whether `error` comes from the stream and not from the code that reads it. */
export function isBrokenInput(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}

/** The received part of a line that is not complete yet. Bytes beyond the limit are counted but not stored. */
class PendingLine {
  #parts: Buffer[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > LINE_MAX_BYTES) this.#parts = [];
    // A slice would keep the whole chunk in memory, so the part is copied.
    else if (part.length > 0) this.#parts.push(Buffer.from(part));
  }

  take(): Line {
    const isTooLong = this.#bytes > LINE_MAX_BYTES;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return isTooLong ? tooLongLine : decode(bytes);
  }
}

function decode(bytes: Buffer): Line {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notTextLine;
  }
  return parseLine(text.replace(/\r$/, ''));
}
