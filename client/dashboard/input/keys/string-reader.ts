// The bytes of one control string (OSC, DCS, APC, PM, SOS), up to its end.
import { C1_LEAD, continuationsAfter, isContinuation } from './utf8.js';

/** Bytes that are kept. The rest is read and dropped. */
const STRING_MAX = 4_096;
const BEL = 0x07;
const ESC = 0x1b;
const ST = 0x9c;

/** `aborted`: the byte is a control character that no string contains, and must be read again. */
export type StringStep = 'open' | 'ended' | 'escape' | 'aborted';

export class StringReader {
  readonly #bytes: number[] = [];
  #continuations = 0;
  #last = 0;

  get text(): string {
    return Buffer.from(this.#bytes).toString();
  }

  /**
   * A string ends with BEL, ST or an escape. Its characters are those of ECMA-48: another control character ends it and acts, so
   * that a string without an end does not swallow the keys.
   */
  step(byte: number): StringStep {
    const last = this.#last;
    this.#last = byte;
    if (this.#continuations > 0 && isContinuation(byte)) {
      this.#continuations -= 1;
      if (last !== C1_LEAD || byte !== ST) return this.#keep(byte);
      this.#bytes.pop();
      return 'ended';
    }
    this.#continuations = continuationsAfter(byte);
    if (byte === ESC) return 'escape';
    if (byte === BEL || byte === ST) return 'ended';
    return byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d) ? this.#keep(byte) : 'aborted';
  }

  #keep(byte: number): StringStep {
    if (this.#bytes.length < STRING_MAX) this.#bytes.push(byte);
    return 'open';
  }
}
