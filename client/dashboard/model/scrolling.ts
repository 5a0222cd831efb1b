// The scrolling of windows: by rows and pages, to the newest entry and to a message. It loads older messages when a window reaches its top.
import type { ConversationLabel } from '../../chat/events.js';
import type { Layout, Size } from '../view/layout.js';
import type { Pager, PageResult } from './pager.js';
import type { StatusMessages } from './status-message.js';
import type { Timelines } from './timelines.js';
import type { Window, Windows } from './windows.js';

const WHEEL_ROWS = 3;

export type Scroll = 'page-up' | 'page-down' | 'scroll-up' | 'scroll-down' | 'newest';

/** Why a window cannot be scrolled back further. */
const SCROLL_LIMITS: { readonly [R in Exclude<PageResult, 'more'>]: string } = {
  complete: 'No older messages are stored here.',
  full: 'This window cannot hold more lines. /search finds older messages, and /export writes all messages to a file.',
};

export interface ScrollingParts {
  readonly timelines: Timelines;
  readonly pager: Pager;
  readonly status: StatusMessages;
  readonly windows: Windows;
  /** The layout that was composed last. */
  readonly layout: () => Layout | null;
  /** Called when the active window begins or ends to follow the newest entry. */
  readonly refocus: () => void;
}

export class Scrolling {
  constructor(private readonly parts: ScrollingParts) {}

  /** Scrolls the window with this index. */
  scroll(how: Scroll, index: number): void {
    const window = this.parts.windows.all[index];
    const size = this.#sizeOf(index);
    if (window === undefined || size === null) return;
    const { columns, rows } = size;
    const page = Math.max(1, rows - 2);
    const steps = {
      'page-up': -page,
      'page-down': page,
      'scroll-up': -WHEEL_ROWS,
      'scroll-down': WHEEL_ROWS,
    };
    if (how === 'newest') {
      this.follow(window);
      return;
    }
    const scrollback = this.parts.timelines.of(window.shown);
    const before = window.anchor;
    this.#scrollTo(window, scrollback.scrolled(before, steps[how], columns, rows));
    const isAtTop = steps[how] < 0 && scrollback.isTopInSight(window.anchor, columns, rows);
    if (!isAtTop || window.shown === null) return;
    const hasMoved = window.anchor?.slot !== before?.slot || window.anchor?.row !== before?.row;
    void this.#loadOlder(window, window.shown, hasMoved ? null : () => this.scroll(how, index));
  }

  /** Shows the newest entry, and follows it. */
  follow(window: Window): void {
    this.#scrollTo(window, null);
  }

  /** Shows a message of the conversation that the window shows. Resolves false if it cannot be loaded. */
  async showMessage(index: number, label: ConversationLabel, id: string): Promise<boolean> {
    const { pager, timelines, windows } = this.parts;
    const window = windows.all[index];
    const isLoaded = await pager.loadUntil(label, id);
    const size = this.#sizeOf(windows.activeIndex);
    if (!isLoaded || window === undefined || window.shown !== label || size === null) return isLoaded;
    this.#scrollTo(window, timelines.of(label).showMatch(id, size.columns, size.rows));
    return true;
  }

  #sizeOf(index: number): Size | null {
    return this.parts.layout()?.windows.find((window) => window.index === index)?.text ?? null;
  }

  /** @param retry repeats the scroll, which could not move the window; null if the scroll did move it */
  async #loadOlder(window: Window, label: ConversationLabel, retry: (() => void) | null): Promise<void> {
    const { pager, status } = this.parts;
    const result = await pager.loadOlder(label);
    if (retry === null || window.shown !== label) return;
    if (result === 'more') retry();
    else status.show(SCROLL_LIMITS[result]);
  }

  /** Sets the scroll position. Messages that arrive while a window is scrolled back count as new, even in the active window. */
  #scrollTo(window: Window, anchor: Window['anchor']): void {
    const { timelines, windows, refocus } = this.parts;
    const isChange = (window.anchor === null) !== (anchor === null);
    window.anchor = anchor;
    if (!isChange) return;
    timelines.of(window.shown).caughtUp();
    if (window === windows.active) refocus();
  }
}
