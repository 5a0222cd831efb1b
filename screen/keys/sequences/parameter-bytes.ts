// The parameters and intermediates of one control sequence, up to its final character.
import { RXVT_NUMBER } from './introducers.js';

/** The most parameter characters of a sequence. A longer sequence is read to its end and dropped. */
const SEQUENCE_MAX = 64;
const DOLLAR = 0x24;

export class ParameterBytes {
  #parameters = '';
  #intermediates = '';

  get parameters(): string {
    return this.#parameters;
  }

  get intermediates(): string {
    return this.#intermediates;
  }

  get isBare(): boolean {
    return this.#parameters === '' && this.#intermediates === '';
  }

  get isTooLong(): boolean {
    return this.#parameters.length > SEQUENCE_MAX;
  }

  /** Whether the byte ends a key of rxvt. In other sequences it is an intermediate. */
  isEndOfRxvtKey(byte: number): boolean {
    return byte === DOLLAR && this.#intermediates === '' && RXVT_NUMBER.test(this.#parameters);
  }

  /**
   * Adds a byte from 0x20 to 0x3f. A parameter byte after an intermediate makes the sequence invalid; it is kept among the
   * intermediates, which match no known sequence.
   */
  add(byte: number): void {
    const character = String.fromCharCode(byte);
    if (byte > 0x2f && this.#intermediates === '') {
      if (!this.isTooLong) this.#parameters += character;
    } else if (this.#intermediates.length <= SEQUENCE_MAX) this.#intermediates += character;
  }
}
