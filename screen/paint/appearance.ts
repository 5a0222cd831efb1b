// The look of a view: the theme and the characters. Both depend on the user's choice and on what the terminal reports.
import type { Charset } from './charset.js';
import { useCharset } from './grapheme.js';
import { type Theme, type ThemeName, themes } from './theme.js';

/** `auto`: light or dark, as the terminal's background is. */
export type ThemeChoice = ThemeName | 'auto';

type Background = 'dark' | 'light';

export class Appearance {
  /**
   * The same object for the life of the view, because all parts keep a reference to it. A change of theme changes its
   * properties.
   */
  readonly theme: Theme;
  #choice: ThemeChoice;
  #background: Background;
  #onChange: () => void = () => undefined;

  constructor(choice: ThemeChoice, background: Background) {
    this.#choice = choice;
    this.#background = background;
    this.theme = { ...themes[this.themeName] };
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  /** The theme that is shown. */
  get themeName(): ThemeName {
    return this.#choice === 'auto' ? this.#background : this.#choice;
  }

  /** Calls `run` after each change of theme or characters. Rows that were made before the change are out of date. */
  onChange(run: () => void): void {
    this.#onChange = run;
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    this.#apply();
  }

  /** Applies what the terminal reported. @param background null if unknown */
  adapt(charset: Charset, background: Background | null): void {
    this.#background = background ?? this.#background;
    useCharset(charset);
    this.#apply();
  }

  #apply(): void {
    Object.assign(this.theme, themes[this.themeName]);
    this.#onChange();
  }
}

/**
 * The background according to `COLORFGBG`, a variable that some terminals set. It lists colour numbers, and the last one is the
 * background. Dark if the variable is not set.
 */
export function backgroundOf(env: Readonly<Record<string, string | undefined>>): Background {
  const number = /;(\d{1,2})$/.exec(env['COLORFGBG'] ?? '')?.[1];
  return number === '7' || (number !== undefined && Number(number) > 8) ? 'light' : 'dark';
}
