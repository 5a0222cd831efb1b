// The bytes of one control string (OSC, DCS, APC, PM, SOS), up to its end, and how long its end may take. A key with Alt can look like
// the beginning of a string, so a string must not take the keys that follow for its content.
import type { StringKind } from './tokens.js';
import { C1_LEAD, continuationsAfter, isContinuation } from './utf8.js';

/** Bytes that are kept. The rest is read and dropped. */
const STRING_MAX = 4_096;
/** A string without an end after this time is dropped, unless it is the beginning of an answer that was asked for. */
const STRING_MS = 500;
const BEL = 0x07;
const LINE_FEED = 0x0a;
const ENTER = 0x0d;
const ESC = 0x1b;
const DEL = 0x7f;
const ST = 0x9c;

export interface StringRules {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Whether `text` is the beginning of an answer that was asked for and has not come. */
  readonly isAwaited: (kind: StringKind, text: string) => boolean;
}

/**
 * `aborted`: the byte is not a part of the string and must be read again. `dropped`: the string is over without effect, and so is
 * the byte.
 */
export type StringStep = 'open' | 'ended' | 'escape' | 'aborted' | 'dropped';

export class StringReader {
  readonly #rules: StringRules;
  readonly #limitAt: number;
  readonly #bytes: number[] = [];
  #isAwaited: boolean;
  #continuations = 0;
  #last = 0;

  /** @param limitMs the time that a string may take which is not an awaited answer */
  constructor(
    readonly kind: StringKind,
    rules: StringRules,
    limitMs = STRING_MS,
  ) {
    this.#rules = rules;
    this.#limitAt = rules.now() + limitMs;
    this.#isAwaited = rules.isAwaited(kind, '');
  }

  get text(): string {
    return Buffer.from(this.#bytes).toString();
  }

  /** The milliseconds until the string must be dropped; null while it may be an awaited answer. */
  get restMs(): number | null {
    return this.#isAwaited ? null : Math.max(0, this.#limitAt - this.#rules.now());
  }

  /**
   * A string ends with BEL, ST or an escape. No answer of a terminal contains another control character: it ends the string and
   * acts. Enter ends it without effect, because the text before it was not shown.
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
    if (byte === ENTER || byte === LINE_FEED) return 'dropped';
    return byte < 0x20 || byte === DEL ? 'aborted' : this.#keep(byte);
  }

  #keep(byte: number): StringStep {
    if (this.#bytes.length < STRING_MAX) this.#bytes.push(byte);
    if (!this.#isAwaited) return 'open';
    this.#isAwaited = this.#rules.isAwaited(this.kind, this.text);
    return this.restMs === 0 ? 'aborted' : 'open';
  }
}
