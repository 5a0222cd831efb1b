// The keyboard protocols of the terminal: kitty's, and xterm's modifyOtherKeys. They distinguish Shift+Enter from Enter, and the
// Escape key and Alt keys from the beginning of a sequence. A terminal that supports neither protocol ignores the requests.
import type { ReportEvent } from '../keys/parser.js';

/**
 * Requests flags 1 and 4 of kitty's protocol and puts them on its stack: 1 encodes keys without ambiguity, 4 also reports the key
 * on the standard layout. Key releases (2) are not requested.
 */
const KITTY_PUSH = '\u001b[>5u';
const KITTY_SET = '\u001b[=5u';
const KITTY_POP = '\u001b[<u';
/** Asks for the present level of modifyOtherKeys. The answer is `ESC [ > 4 ; level m`. */
const OTHER_KEYS_QUERY = '\u001b[?4m';
/** At level 1, keys that have a control character are still sent as this character. */
const OTHER_KEYS_ON = '\u001b[>4;1m';
const OTHER_KEYS_ANSWER = /^>4;([0-3])m$/;
/** Some terminals misread `ESC [ > 4 ; 1 m` as a text style; this sequence resets the style. */
const PLAIN_STYLE = '\u001b[0m';

export class KeyboardModes {
  /** Whether no requests are sent. The Linux console until version 5.7 prints unknown requests as text. */
  readonly #isSilent: boolean;
  #isOn = false;
  /** The level of modifyOtherKeys before `on`; null until the terminal has reported it. */
  #foundLevel: string | null = null;

  constructor(term: string | undefined) {
    this.#isSilent = term === 'linux';
  }

  /** The bytes that switch the protocols on, or on again. They apply only to the current screen: main or alternate. */
  on(): string {
    if (this.#isSilent) return '';
    const isRepeated = this.#isOn;
    this.#isOn = true;
    if (!isRepeated) this.#foundLevel = null;
    if (isRepeated) return KITTY_SET + OTHER_KEYS_ON + PLAIN_STYLE;
    return KITTY_PUSH + OTHER_KEYS_QUERY + OTHER_KEYS_ON + PLAIN_STYLE;
  }

  /** The bytes that restore the keyboard modes found by `on`; empty if the protocols are off. */
  off(): string {
    if (!this.#isOn) return '';
    this.#isOn = false;
    return `${KITTY_POP}\u001b[>4${this.#foundLevel === null ? '' : `;${this.#foundLevel}`}m${PLAIN_STYLE}`;
  }

  /** Reads the level of modifyOtherKeys from a report; ignores other reports. */
  note({ introducer, text }: ReportEvent): void {
    const [, level] = OTHER_KEYS_ANSWER.exec(text) ?? [];
    // Only the first answer after `on` gives the level before the change.
    if (introducer === 'CSI' && level !== undefined) this.#foundLevel ??= level;
  }
}
