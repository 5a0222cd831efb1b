// The characters that a view shows: ASCII only, or all. This depends on the user's choice, the locale and what the
// terminal reports.
import type { Appearance } from './appearance.js';
import { type Charset, unmeasured } from './charset.js';

/** The traits of the terminal, as the terminal reported them. */
interface Traits extends Omit<Charset, 'toAscii'> {
  /** False for a terminal that shows each byte of UTF-8 as a letter; null if unknown. */
  readonly isUtf8: boolean | null;
  /** Null if the terminal did not report its background. */
  readonly background: 'dark' | 'light' | null;
}

export class Characters {
  readonly #appearance: Pick<Appearance, 'adapt'>;
  readonly #hasUtf8: boolean;
  #choice: boolean | undefined;
  #traits: Traits = { ...unmeasured, isUtf8: null, background: null };
  /** Converts text to ASCII. Undefined until it is needed, because its module contains a large table. */
  #toAscii: Charset['toAscii'] | undefined;

  /**
   * @param choice whether to show ASCII only; undefined to decide by the locale and the terminal
   * @param hasUtf8 whether the locale has UTF-8
   */
  constructor(choice: boolean | undefined, hasUtf8: boolean, appearance: Pick<Appearance, 'adapt'>) {
    this.#choice = choice;
    this.#hasUtf8 = hasUtf8;
    this.#appearance = appearance;
  }

  /** Whether only ASCII is shown. */
  get isAscii(): boolean {
    return this.#choice ?? (!this.#hasUtf8 || this.#traits.isUtf8 === false);
  }

  /** Resolves when the characters have changed. */
  async choose(isAscii: boolean): Promise<void> {
    this.#choice = isAscii;
    await this.#apply();
  }

  /** Applies what the terminal reported. */
  async adapt(traits: Traits): Promise<void> {
    this.#traits = traits;
    await this.#apply();
  }

  async #apply(): Promise<void> {
    if (this.isAscii) this.#toAscii ??= (await import('any-ascii')).default;
    // Read the choice and the traits only now, because they may have changed during the import.
    const { widths, marks, background } = this.#traits;
    const toAscii = this.isAscii ? (this.#toAscii ?? null) : null;
    this.#appearance.adapt({ toAscii, widths, marks }, background);
  }
}
