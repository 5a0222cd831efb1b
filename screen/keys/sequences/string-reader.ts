// The reader of one control string (OSC, DCS, APC, PM, SOS), with a time limit. A key with Alt can look like the beginning of a
// string; the limit keeps the reader from reading the next keys as content of a string.
import type { StringKind } from './tokens.js';
import { C1_LEAD, continuationsAfter, isContinuation } from './utf8.js';

/** The most bytes that are kept. The rest is read and dropped. */
const STRING_MAX = 4_096;
/** A string that has not ended after this time is dropped, unless it may be the beginning of an awaited answer. */
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
  /** Whether `text` is the beginning of an answer that this program has requested and not received yet. */
  readonly isAwaited: (kind: StringKind, text: string) => boolean;
}

/**
 * `aborted`: the byte is not a part of the string and must be read again. `dropped`: the string ends, and neither the string nor
 * the byte has an effect.
 */
export type StringStep = 'open' | 'ended' | 'escape' | 'aborted' | 'dropped';

export class StringReader {
  readonly #rules: StringRules;
  readonly #limitAt: number;
  readonly #bytes: number[] = [];
  #isAwaited: boolean;
  #continuations = 0;
  #last = 0;

  /** @param limitMs the time within which a string must end, unless it may be an awaited answer */
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
   * Reads one byte of the string. BEL, ST or an escape ends the string. No terminal sends another control character in an answer,
   * so such a character aborts the string and has its own effect. Enter only drops the string: it must not submit a line, because
   * the text before it was not shown.
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
