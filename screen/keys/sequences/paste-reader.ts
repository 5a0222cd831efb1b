// The bytes of one bracketed paste, up to its end mark. If the end mark does not arrive, the caller ends the paste after a time.

const END = Buffer.from('\u001b[201~');
const ESC = 0x1b;
const CONTROL_C = 0x03;
/** The most bytes of a paste that are kept; the rest is dropped. */
const PASTE_MAX_BYTES = 16 * 1024 * 1024;

export interface Paste {
  readonly text: string;
  /** Whether the end of the paste was dropped, because it is longer than 16 MiB. */
  readonly isCut: boolean;
}

export class PasteReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #isCut = false;
  /** The last bytes, which may be the beginning of the end mark. */
  #tail = Buffer.alloc(0);
  #hasLoneEscape = false;

  /** Whether the last read was a single escape byte: the Escape key, or the beginning of the end mark. */
  get hasLoneEscape(): boolean {
    return this.#hasLoneEscape;
  }

  /** Reads `chunk` from an index. Returns the index after the end of the paste; null if the paste goes on. */
  read(chunk: Uint8Array, from: number): number | null {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset + from, chunk.length - from);
    // Ctrl+C that arrives alone was pressed by the user. It ends the paste.
    if (from === 0 && bytes.length === 1 && bytes[0] === CONTROL_C) return chunk.length;
    this.#hasLoneEscape = from === 0 && bytes.length === 1 && bytes[0] === ESC;
    const joined = Buffer.concat([this.#tail, bytes]);
    const end = joined.indexOf(END);
    if (end >= 0) {
      const read = end + END.length - this.#tail.length;
      this.#keep(joined.subarray(0, end));
      this.#tail = Buffer.alloc(0);
      return from + read;
    }
    const begun = begunOf(joined);
    this.#keep(joined.subarray(0, joined.length - begun));
    this.#tail = joined.subarray(joined.length - begun);
    return null;
  }

  /** Ends the paste. `expected` is the rest of an end mark that had begun. */
  end(): { readonly paste: Paste; readonly expected: string } {
    const expected = this.#tail.length === 0 ? '' : END.toString('latin1').slice(this.#tail.length);
    const paste = { text: Buffer.concat(this.#chunks).toString(), isCut: this.#isCut };
    this.#chunks = [];
    [this.#size, this.#isCut, this.#hasLoneEscape, this.#tail] = [0, false, false, Buffer.alloc(0)];
    return { paste, expected };
  }

  #keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, PASTE_MAX_BYTES - this.#size);
    if (kept.length < bytes.length) this.#isCut = true;
    this.#size += kept.length;
    // Copy the bytes, because Node may reuse the memory of a chunk.
    if (kept.length > 0) this.#chunks.push(Buffer.from(kept));
  }
}

/** The number of bytes at the end of `bytes` that are the beginning of an end mark. */
function begunOf(bytes: Buffer): number {
  for (let size = Math.min(bytes.length, END.length - 1); size > 0; size -= 1) {
    if (bytes.subarray(bytes.length - size).equals(END.subarray(0, size))) return size;
  }
  return 0;
}
