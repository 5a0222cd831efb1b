// Which conversation each window shows, how far back, and the draft that belongs to it. Tells the chat what is looked at.
import type { ConversationLabel } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { Editor } from '../input/editor/editor.js';
import type { PageResult, Pager } from './pager.js';
import type { Timelines, Renaming, Shown } from './timelines.js';
import type { Split } from '../view/arrangement.js';
import type { Layout } from '../view/layout.js';
import { textSize } from '../view/composed-screen.js';
import { orderOf } from '../view/sidebar.js';
import { type Window, Windows } from './windows.js';

const WHEEL_ROWS = 3;

export type Scroll = 'page-up' | 'page-down' | 'scroll-up' | 'scroll-down' | 'newest';

/** Why a window goes no further back. */
const NO_FURTHER: { readonly [F in Exclude<PageResult, 'more'>]: string } = {
  all: 'Nothing older is kept here.',
  full: 'A window holds no more than this: /search finds what is older, /export writes all of it.',
};

export interface NavigationParts {
  readonly chat: Chat;
  readonly timelines: Timelines;
  readonly editor: Editor;
  readonly pager: Pager;
  /** Something about it is to be asked for: it is shown now. */
  readonly onShown: (label: ConversationLabel) => void;
  readonly showStatus: (text: string) => void;
}

export class Navigation {
  readonly windows = new Windows();
  readonly #parts: NavigationParts;
  readonly #drafts = new Map<Shown, string>();
  /** By conversation, to see which of them is called otherwise now. */
  readonly #labels = new Map<string, ConversationLabel>();
  /** Until somebody chooses what to see. */
  #isUntouched = true;

  constructor(parts: NavigationParts) {
    this.#parts = parts;
  }

  get shown(): Shown {
    return this.windows.active.shown;
  }

  /** Windows let go of what has gone; a lone window that shows nothing takes the first conversation. */
  follow(): void {
    const { chat } = this.#parts;
    const { conversations } = chat;
    this.#rename();
    this.windows.keep((shown) => shown === null || conversations.includes(shown));
    const [first] = orderOf(chat.conversationStates);
    const isFresh = this.#isUntouched && this.windows.all.length === 1 && this.shown === null;
    if (isFresh && first !== undefined) this.show(first);
  }

  show(shown: Shown): void {
    const { chat, editor, pager, onShown } = this.#parts;
    this.#isUntouched = false;
    // As it is before it is looked at: that reads it.
    const state = chat.conversationStates.find(({ label }) => label === shown);
    if (state !== undefined) void pager.loadFirstPage(state);
    if (this.shown !== shown) {
      this.#leave();
      this.windows.show(shown);
      editor.load(this.#drafts.get(shown) ?? '');
    }
    this.#look();
    if (shown !== null) onShown(shown);
  }

  /** By its place in the sidebar, from 0. */
  showNumber(index: number): void {
    const label = this.#order[index];
    if (label !== undefined) this.show(label);
  }

  /** The next conversation (1) or the one before (-1); the terminal's own window lies between the last and the first. */
  step(by: 1 | -1): void {
    const around: readonly Shown[] = [null, ...this.#order];
    const at = around.indexOf(this.shown);
    this.show(around.at((at + by) % around.length) ?? null);
  }

  /** What mentions the user first; false when nothing is unread. */
  showUnread(): boolean {
    const states = this.#parts.chat.conversationStates;
    const at = this.shown === null ? -1 : this.#order.indexOf(this.shown);
    const after = [...this.#order.slice(at + 1), ...this.#order.slice(0, Math.max(0, at))];
    const has = (what: 'unread' | 'mentions') => (label: ConversationLabel) =>
      states.some((state) => state.label === label && state[what] > 0);
    const next = after.find(has('mentions')) ?? after.find(has('unread'));
    if (next !== undefined) this.show(next);
    return next !== undefined;
  }

  /** A window more, for the first conversation that none shows; false when there are windows enough. */
  split(split: Split): boolean {
    if (!this.windows.add(split)) return false;
    const isShown = (label: ConversationLabel): boolean =>
      this.windows.all.some(({ shown }) => shown === label);
    const other = this.#order.find((label) => !isShown(label));
    if (other !== undefined) this.show(other);
    return true;
  }

  closeWindow(): void {
    this.#leave();
    this.windows.close();
    this.#arrive();
  }

  activate(index: number): void {
    if (index === this.windows.activeIndex) return;
    this.#leave();
    this.windows.activate(index);
    this.#arrive();
  }

  scroll(how: Scroll, layout: Layout | null, index = this.windows.activeIndex): void {
    const window = this.windows.all[index];
    const rect = layout?.windows.find((one) => one.index === index)?.rect;
    if (window === undefined || rect === undefined) return;
    const { columns, rows } = textSize(rect);
    const page = Math.max(1, rows - 2);
    const steps = {
      'page-up': -page,
      'page-down': page,
      'scroll-up': -WHEEL_ROWS,
      'scroll-down': WHEEL_ROWS,
    };
    if (how === 'newest') {
      window.anchor = null;
      return;
    }
    const scrollback = this.#parts.timelines.of(window.shown);
    const before = window.anchor;
    window.anchor = scrollback.scrolled(before, steps[how], columns, rows);
    const isAtTop = steps[how] < 0 && scrollback.isTopInSight(window.anchor, columns, rows);
    if (!isAtTop || window.shown === null) return;
    const isStuck = window.anchor?.slot === before?.slot && window.anchor?.row === before?.row;
    void this.#loadOlder(window, window.shown, isStuck ? () => this.scroll(how, layout, index) : null);
  }

  /** Shows the message in its place; false when it cannot be brought here. */
  async jump(label: ConversationLabel, id: string, layout: Layout | null): Promise<boolean> {
    const { pager, timelines } = this.#parts;
    this.show(label);
    const { active } = this.windows;
    const isThere = await pager.loadUntil(label, id);
    const rect = layout?.windows.find((one) => one.index === this.windows.activeIndex)?.rect;
    if (!isThere || active.shown !== label || rect === undefined) return isThere;
    const { columns, rows } = textSize(rect);
    active.anchor = timelines.of(label).showMatch(id, columns, rows);
    return true;
  }

  /** @param again what to do once more when something came, null when it did something by itself */
  async #loadOlder(window: Window, label: ConversationLabel, again: (() => void) | null): Promise<void> {
    const { pager, showStatus } = this.#parts;
    const came = await pager.loadOlder(label);
    if (again === null || window.shown !== label) return;
    if (came === 'more') again();
    else showStatus(NO_FURTHER[came]);
  }

  /** Somebody else is here: whatever was begun was another's. */
  forget(): void {
    this.#drafts.clear();
    this.#labels.clear();
    this.#parts.editor.load('');
    this.#isUntouched = true;
  }

  /** The line was entered: its draft is done with. */
  forgetDraft(): void {
    this.#drafts.delete(this.shown);
  }

  get #order(): readonly ConversationLabel[] {
    return orderOf(this.#parts.chat.conversationStates);
  }

  #rename(): void {
    const { chat, timelines } = this.#parts;
    const renamings: Renaming[] = [];
    for (const { id, label } of chat.conversationStates) {
      const from = this.#labels.get(id);
      if (from !== undefined && from !== label) renamings.push({ from, to: label });
      this.#labels.set(id, label);
    }
    if (renamings.length === 0) return;
    timelines.rename(renamings);
    this.windows.rename(renamings);
    const drafts = renamings.map(({ from, to }) => [to, this.#drafts.get(from)] as const);
    for (const { from } of renamings) this.#drafts.delete(from);
    for (const [to, draft] of drafts) if (draft !== undefined) this.#drafts.set(to, draft);
  }

  #leave(): void {
    this.#parts.timelines.of(this.shown).seen();
    this.#drafts.set(this.shown, this.#parts.editor.text);
  }

  #arrive(): void {
    this.#parts.editor.load(this.#drafts.get(this.shown) ?? '');
    this.#look();
  }

  #look(): void {
    const { chat } = this.#parts;
    void chat.focus(this.shown);
    if (this.shown !== null && chat.current !== this.shown) void chat.open(this.shown);
  }
}
