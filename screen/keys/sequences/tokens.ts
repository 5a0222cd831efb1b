// The tokens of terminal input: text, control characters, pastes and whole escape sequences, without their meaning;
// and a list of them that joins neighbouring texts.
import type { Paste } from './paste-reader.js';

export type StringKind = 'OSC' | 'DCS' | 'APC' | 'PM' | 'SOS';

export interface Sequence {
  /** Digits, `;`, `:` and the private marks `<=>?`. */
  readonly parameters: string;
  readonly intermediates: string;
  readonly final: string;
  /** Whether the sequence came after an extra escape byte, which means that Alt was held. */
  readonly isAlt: boolean;
}

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  /** A control character, 0x00 to 0x1f or 0x7f. */
  | { readonly kind: 'control'; readonly code: number }
  /** The Escape key. */
  | { readonly kind: 'escape' }
  /** An escape and one character: a key that is pressed with Alt. */
  | { readonly kind: 'alt'; readonly character: string }
  | ({ readonly kind: 'csi' | 'ss3' } & Sequence)
  | { readonly kind: 'string'; readonly string: StringKind; readonly text: string }
  /** A mouse report of the X10 form: three bytes, each 32 more than its value. */
  | { readonly kind: 'x10-mouse'; readonly bytes: readonly [button: number, column: number, row: number] }
  | ({ readonly kind: 'paste' } & Paste);

export class TokenList {
  #tokens: Token[] = [];

  add(token: Token): void {
    this.#tokens.push(token);
  }

  addText(text: string): void {
    const last = this.#tokens.at(-1);
    if (text === '') return;
    if (last?.kind === 'text') this.#tokens.splice(-1, 1, { kind: 'text', text: last.text + text });
    else this.add({ kind: 'text', text });
  }

  /** The tokens since the last call. */
  taken(): readonly Token[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    return tokens;
  }
}
