// The decoder of text between control characters. An incomplete UTF-8 character is kept until its other bytes arrive.
import { StringDecoder } from 'node:string_decoder';
import { C1_LEAD, continuationsAfter, isC1, isContinuation } from './utf8.js';

export interface TextRead {
  readonly text: string;
  /** The control character (C0, DEL or C1) that ended the text; null if all bytes were text. */
  readonly control: number | null;
  /** The index after the last byte read. */
  readonly end: number;
}

export class TextReader {
  readonly #decoder = new StringDecoder('utf8');
  #continuations = 0;
  /** Whether the last byte was 0xc2 and is held back: it begins either a C1 control or a letter. */
  #isHeld = false;

  /** Reads from an index up to and including the next control character. */
  read(chunk: Uint8Array, from: number): TextRead {
    let held = '';
    if (this.#isHeld) {
      this.#isHeld = false;
      const first = chunk[from] ?? 0;
      if (isC1(first)) return { text: this.#decoder.end(), control: first, end: from + 1 };
      held = this.#decoder.write(Buffer.from([C1_LEAD]));
      this.#continuations = 1;
    }
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#continuations > 0 && isContinuation(byte)) {
        this.#continuations -= 1;
        continue;
      }
      this.#continuations = continuationsAfter(byte);
      const next = chunk[at + 1];
      if (byte === C1_LEAD && next === undefined) {
        this.#isHeld = true;
        this.#continuations = 0;
        return { text: held + this.#decode(chunk, from, at), control: null, end: chunk.length };
      }
      if (byte === C1_LEAD && next !== undefined && isC1(next))
        return this.#upTo(chunk, from, at, held, next, at + 2);
      if (byte < 0x20 || byte === 0x7f || isC1(byte)) return this.#upTo(chunk, from, at, held, byte, at + 1);
    }
    return { text: held + this.#decode(chunk, from, chunk.length), control: null, end: chunk.length };
  }

  #upTo(chunk: Uint8Array, from: number, to: number, held: string, control: number, end: number): TextRead {
    this.#continuations = 0;
    return { text: held + this.#decode(chunk, from, to) + this.#decoder.end(), control, end };
  }

  #decode(chunk: Uint8Array, from: number, to: number): string {
    return to > from
      ? this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset + from, to - from))
      : '';
  }
}
