// One to four windows, what each shows and how far back it is. Knows no screen.
import type { Renaming, Shown } from './timelines.js';
import { type Arrangement, type Split, withoutWindow, withWindow } from '../view/arrangement.js';
import type { Anchor } from '../view/scrollback.js';

const WINDOWS_MAX = 4;

export interface Window {
  shown: Shown;
  anchor: Anchor;
}

export class Windows {
  readonly #windows: Window[] = [{ shown: null, anchor: null }];
  #active = 0;
  #arrangement: Arrangement = 'window';

  get all(): readonly Window[] {
    return this.#windows;
  }

  /** In their order. */
  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  get activeIndex(): number {
    return this.#active;
  }

  get active(): Window {
    const window = this.#windows[this.#active] ?? this.#windows[0];
    if (window === undefined) throw new RangeError('there is always a window');
    return window;
  }

  /** Shows it in the active window, at its newest. */
  show(shown: Shown): void {
    const { active } = this;
    [active.shown, active.anchor] = [shown, null];
  }

  /** One more beside or below the active one, showing the same; false when there are enough. */
  add(split: Split): boolean {
    if (this.#windows.length >= WINDOWS_MAX) return false;
    this.#arrangement = withWindow(this.#arrangement, this.#active, split);
    this.#windows.splice(this.#active + 1, 0, { ...this.active });
    this.#active += 1;
    return true;
  }

  /** The last one stays. */
  close(): void {
    if (this.#windows.length === 1) return;
    this.#arrangement = withoutWindow(this.#arrangement, this.#active);
    this.#windows.splice(this.#active, 1);
    this.#active = Math.min(this.#active, this.#windows.length - 1);
  }

  activate(index: number): void {
    const count = this.#windows.length;
    this.#active = (index + count) % count;
  }

  /** The same conversations have other labels now. */
  rename(renamings: readonly Renaming[]): void {
    for (const window of this.#windows) {
      window.shown = renamings.find(({ from }) => from === window.shown)?.to ?? window.shown;
    }
  }

  /** What has gone is shown no more. */
  keep(isThere: (shown: Shown) => boolean): void {
    for (const window of this.#windows) {
      if (!isThere(window.shown)) [window.shown, window.anchor] = [null, null];
    }
  }
}
