// The windows: what each window shows, and how far it is scrolled back. Independent of the screen.
import type { ConversationLabel } from '../../chat/events.js';
import type { Renaming, Shown } from './timelines.js';
import { type Arrangement, type Split, withoutWindow, withWindow } from '../view/arrangement.js';
import type { Anchor } from '../view/scrollback/scrollback.js';

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

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  /** The conversations that windows show. */
  get shownConversations(): readonly ConversationLabel[] {
    return this.#windows.flatMap(({ shown }) => shown ?? []);
  }

  get activeIndex(): number {
    return this.#active;
  }

  get active(): Window {
    const window = this.#windows[this.#active] ?? this.#windows[0];
    if (window === undefined) throw new RangeError('the last window is never closed');
    return window;
  }

  /** Sets the arrangement of the windows. The number of windows in it must stay the same. */
  arrange(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
  }

  /** The index of the window that shows this content; -1 if no window does. */
  indexOf(shown: Shown): number {
    return this.#windows.findIndex((window) => window.shown === shown);
  }

  /** Shows this content in the active window, from its newest entry. */
  show(shown: Shown): void {
    const { active } = this;
    [active.shown, active.anchor] = [shown, null];
  }

  /** Adds a window with this content beside or below the active one, and makes it active. */
  add(split: Split, shown: Shown): void {
    this.#arrangement = withWindow(this.#arrangement, this.#active, split);
    this.#windows.splice(this.#active + 1, 0, { shown, anchor: null });
    this.#active += 1;
  }

  /** Closes the active window, unless it is the last one. */
  close(): void {
    this.#remove(this.#active);
  }

  activate(index: number): void {
    const count = this.#windows.length;
    this.#active = (index + count) % count;
  }

  /** Applies the new labels of conversations. */
  rename(renamings: readonly Renaming[]): void {
    for (const window of this.#windows) {
      window.shown = renamings.find(({ from }) => from === window.shown)?.to ?? window.shown;
    }
  }

  /**
   * Windows whose content no longer exists show the terminal's own messages instead. If another window already shows these
   * messages, such a window is closed.
   */
  retain(isThere: (shown: Shown) => boolean): void {
    for (const window of this.#windows.filter(({ shown }) => !isThere(shown))) {
      if (this.indexOf(null) < 0) [window.shown, window.anchor] = [null, null];
      else this.#remove(this.#windows.indexOf(window));
    }
  }

  #remove(index: number): void {
    if (this.#windows.length === 1) return;
    this.#arrangement = withoutWindow(this.#arrangement, index);
    this.#windows.splice(index, 1);
    if (index < this.#active) this.#active -= 1;
    this.#active = Math.min(this.#active, this.#windows.length - 1);
  }
}
