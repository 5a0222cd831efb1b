// The keyboard protocols of the terminal: kitty's, and xterm's modifyOtherKeys. They tell Shift+Enter from Enter, and Escape and Alt keys
// from the beginning of a sequence. A terminal without them ignores the requests.
import type { ReportEvent } from '../keys/parser.js';

/** Unambiguous keys (1) with the key in the place of a Latin letter (4), on kitty's stack. Key releases (2) are not requested. */
const KITTY_PUSH = '\u001b[>5u';
const KITTY_SET = '\u001b[=5u';
const KITTY_POP = '\u001b[<u';
/** Asks for the present level of modifyOtherKeys. The answer is `ESC [ > 4 ; level m`. */
const OTHER_KEYS_QUERY = '\u001b[?4m';
/** Level 1 leaves the keys as they are that have a control character. */
const OTHER_KEYS_ON = '\u001b[>4;1m';
const OTHER_KEYS_ANSWER = /^>4;([0-3])m$/;
/** Some terminals take `ESC [ > 4 ; 1 m` for a style. */
const PLAIN_STYLE = '\u001b[0m';

export class KeyboardModes {
  /** Whether the terminal shows requests that it does not know: the Linux console until version 5.7. */
  readonly #isSilent: boolean;
  #isOn = false;
  /** The level of modifyOtherKeys that was found; null until the terminal has answered. */
  #foundLevel: string | null = null;

  constructor(term: string | undefined) {
    this.#isSilent = term === 'linux';
  }

  /** The bytes that switch the protocols on, or repeat that. They apply to the present screen, main or alternate. */
  on(): string {
    if (this.#isSilent) return '';
    const isRepeated = this.#isOn;
    this.#isOn = true;
    if (!isRepeated) this.#foundLevel = null;
    if (isRepeated) return KITTY_SET + OTHER_KEYS_ON + PLAIN_STYLE;
    return KITTY_PUSH + OTHER_KEYS_QUERY + OTHER_KEYS_ON + PLAIN_STYLE;
  }

  /** The bytes that put the keyboard back as it was found; empty if it is. */
  off(): string {
    if (!this.#isOn) return '';
    this.#isOn = false;
    return `${KITTY_POP}\u001b[>4${this.#foundLevel === null ? '' : `;${this.#foundLevel}`}m${PLAIN_STYLE}`;
  }

  /** Takes a report of the terminal that concerns the keyboard. */
  note({ introducer, text }: ReportEvent): void {
    const [, level] = OTHER_KEYS_ANSWER.exec(text) ?? [];
    // Only the first answer after `on` is the state that was found.
    if (introducer === 'CSI' && level !== undefined) this.#foundLevel ??= level;
  }
}
