// A line that the user types: the text of a search, or a moment to go to.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { boundaryBefore } from '../../../screen/paint/segmentation.js';

export type PromptKind = 'search' | 'go-to';

/** A longer text is cut. */
const TEXT_MAX = 200;

export class Prompt {
  #text: string;

  constructor(
    readonly kind: PromptKind,
    text = '',
  ) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  type(text: string): void {
    this.#text = (this.#text + sanitiseLine(text)).slice(0, TEXT_MAX);
  }

  /** Takes a key that edits the line. */
  press(key: string): void {
    if (key === 'backspace' || key === 'C-h') {
      this.#text = this.#text.slice(0, boundaryBefore(this.#text, this.#text.length));
    } else if (key === 'C-u') this.#text = '';
    else if (key === 'C-w') this.#text = this.#text.replace(/\S*\s*$/u, '');
    else if (key === 'space') this.type(' ');
  }
}
