// Lines out of a stream of hostile bytes, for the faces that read lines. Knows no command and keeps at most one line.
import type { Readable } from 'node:stream';
import { LINE_MAX_BYTES, type Line, notTextLine, parseLine, tooLongLine } from '../commands/line.js';

const NEWLINE = 0x0a;

/** The lines of `input` up to its end, or until it breaks: a terminal that hangs up has ended too. */
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

/** Whether `error` is the stream's own, and not a defect of whoever reads it. */
export function isBrokenInput(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}

/** The beginning of a line whose end has not come yet. What exceeds the limit is counted, not kept. */
class PendingLine {
  #parts: Buffer[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > LINE_MAX_BYTES) this.#parts = [];
    // A copy: the part of a large chunk would keep all of it.
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
