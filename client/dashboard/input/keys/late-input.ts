// The memory of a pause: input before it was taken for a key or for the end of something, and the next bytes may show that it was not.

/**
 * The first characters of the strings that terminals send. An escape and `]`, `P` or `_`, alone in 40 ms, are a key with Alt; if
 * one of these characters follows nevertheless, they were the beginning of a slow string.
 */
const FIRST: Readonly<Record<string, RegExp>> = { ']': /[\dILl]/, P: /[\u0020-\u003f]/, _: /G/ };

/** The way to read the next byte. `text` was held back before it; `introducer` begins a string before it. */
export interface LateDecision {
  readonly text: string;
  readonly introducer: string | null;
  /** Whether the byte is dropped, as a part of an end mark. */
  readonly isTaken: boolean;
}

export class LateInput {
  #introducer: string | null = null;
  /** The part of an end mark that has arrived, and the rest that may still arrive. */
  #expected = '';
  #matched = '';

  get isWaiting(): boolean {
    return this.#introducer !== null || this.#expected !== '';
  }

  /** An escape and this character were taken for a key. */
  afterKey(introducer: string): void {
    this.#introducer = introducer;
  }

  /** Something was taken for ended; this rest of its end mark may still come. */
  afterEnd(expected: string): void {
    this.#expected = expected;
  }

  decide(byte: number): LateDecision {
    const [character, introducer] = [String.fromCharCode(byte), this.#introducer];
    this.#introducer = null;
    if (introducer !== null) {
      const isString = FIRST[introducer]?.test(character) === true;
      return { text: '', introducer: isString ? introducer : null, isTaken: false };
    }
    if (this.#expected.startsWith(character)) {
      this.#expected = this.#expected.slice(1);
      this.#matched = this.#expected === '' ? '' : this.#matched + character;
      return { text: '', introducer: null, isTaken: true };
    }
    const text = this.#matched;
    [this.#expected, this.#matched] = ['', ''];
    return { text, introducer: null, isTaken: false };
  }
}
