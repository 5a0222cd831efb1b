// The one to four windows: what each shows, and how far it is scrolled back. They know no screen.
import type { ConversationLabel } from '../../chat/events.js';
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

  /** Shows it in the active window, from its newest entry. */
  show(shown: Shown): void {
    const { active } = this;
    [active.shown, active.anchor] = [shown, null];
  }

  /** Adds a window beside or below the active one, which shows the same. False when there are four already. */
  add(split: Split): boolean {
    if (this.#windows.length >= WINDOWS_MAX) return false;
    this.#arrangement = withWindow(this.#arrangement, this.#active, split);
    this.#windows.splice(this.#active + 1, 0, { ...this.active });
    this.#active += 1;
    return true;
  }

  /** Closes the active window, unless it is the last one. */
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

  /** Applies the new labels of conversations. */
  rename(renamings: readonly Renaming[]): void {
    for (const window of this.#windows) {
      window.shown = renamings.find(({ from }) => from === window.shown)?.to ?? window.shown;
    }
  }

  /** Empties the windows whose content no longer exists. */
  retain(isThere: (shown: Shown) => boolean): void {
    for (const window of this.#windows) {
      if (!isThere(window.shown)) [window.shown, window.anchor] = [null, null];
    }
  }
}
