// The correction of a decision made after a pause. Input before the pause was read as a key, or as the end of a paste or string.
// The next bytes may show that this was wrong: the rest of the sequence came late.
import { STRINGS } from './introducers.js';
import type { StringRules } from './string-reader.js';

/**
 * How to read the next byte. First `text`, which was held back, is read as text. Then, unless it is null, `introducer` begins a
 * string.
 */
export interface LateDecision {
  readonly text: string;
  readonly introducer: string | null;
  /** Whether the byte is dropped, because it is part of a late end mark. */
  readonly isTaken: boolean;
}

export class LateInput {
  readonly #rules: StringRules;
  #introducer: string | null = null;
  /** The rest of an end mark that may still arrive. `#matched` is the part of this rest that has arrived. */
  #expected = '';
  #matched = '';

  constructor(rules: StringRules) {
    this.#rules = rules;
  }

  get isWaiting(): boolean {
    return this.#introducer !== null || this.#expected !== '';
  }

  /** Call it when an escape and this character were read as a key with Alt. */
  afterKey(introducer: string): void {
    this.#introducer = introducer;
  }

  /**
   * Call it when a paste or string was ended without its whole end mark. `expected` is the rest of the mark, which may still
   * arrive.
   */
  afterEnd(expected: string): void {
    this.#expected = expected;
  }

  decide(byte: number): LateDecision {
    const [character, introducer] = [String.fromCharCode(byte), this.#introducer];
    this.#introducer = null;
    if (introducer !== null) {
      const kind = STRINGS[introducer];
      // The escape and the introducer were read as a key with Alt, because nothing followed for 40 ms. If an answer is awaited
      // that continues with the next character, they were the beginning of this answer.
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
