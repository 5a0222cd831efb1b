// The memory of a pause: input before it was taken for a key or for the end of something, and the next bytes may show that it was not.
import { STRINGS } from './introducers.js';
import type { StringRules } from './string-reader.js';

/** The way to read the next byte. `text` was held back before it; `introducer` begins a string before it. */
export interface LateDecision {
  readonly text: string;
  readonly introducer: string | null;
  /** Whether the byte is dropped, as a part of an end mark. */
  readonly isTaken: boolean;
}

export class LateInput {
  readonly #rules: StringRules;
  #introducer: string | null = null;
  /** The part of an end mark that has arrived, and the rest that may still arrive. */
  #expected = '';
  #matched = '';

  constructor(rules: StringRules) {
    this.#rules = rules;
  }

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
      const kind = STRINGS[introducer];
      // An escape and this character, alone in 40 ms, are a key with Alt. They were the beginning of a slow answer nevertheless if
      // an answer is awaited that goes on with the next character.
      const isString = kind !== undefined && this.#rules.isAwaited(kind, character);
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
