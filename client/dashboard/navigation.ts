// Which conversation each window shows, how far back, and the draft that belongs to it. Tells the chat what is looked at.
import type { ConversationLabel } from '../chat/events.js';
import type { Chat } from '../chat/port.js';
import type { Editor } from './editor/editor.js';
import type { Records, Shown } from './records.js';
import type { Layout, Split } from './view/layout.js';
import { textSize } from './picture.js';
import { orderOf } from './view/sidebar.js';
import { Windows } from './windows.js';

const WHEEL_ROWS = 3;

export type Scroll = 'page-up' | 'page-down' | 'scroll-up' | 'scroll-down' | 'newest';

export interface NavigationParts {
  readonly chat: Chat;
  readonly records: Records;
  readonly editor: Editor;
  /** Something about it is to be asked for: it is shown now. */
  readonly onShown: (label: ConversationLabel) => void;
}

export class Navigation {
  readonly windows = new Windows();
  readonly #parts: NavigationParts;
  readonly #drafts = new Map<Shown, string>();
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
    this.windows.keep((shown) => shown === null || conversations.includes(shown));
    const [first] = orderOf(chat.conversationStates);
    const isFresh = this.#isUntouched && this.windows.all.length === 1 && this.shown === null;
    if (isFresh && first !== undefined && chat.session.state === 'online') this.show(first);
  }

  show(shown: Shown): void {
    const { records, editor, onShown } = this.#parts;
    this.#isUntouched = false;
    if (this.shown !== shown) {
      this.#leave();
      records.of(this.shown).nothingNew();
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

  /** False when there are windows enough. */
  split(split: Split): boolean {
    return this.windows.add(split);
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
    const place = layout?.windows.find((one) => one.index === index)?.place;
    if (window === undefined || place === undefined) return;
    const { columns, rows } = textSize(place);
    const page = Math.max(1, rows - 2);
    const steps = {
      'page-up': -page,
      'page-down': page,
      'scroll-up': -WHEEL_ROWS,
      'scroll-down': WHEEL_ROWS,
    };
    window.anchor =
      how === 'newest'
        ? null
        : this.#parts.records.of(window.shown).scrolled(window.anchor, steps[how], columns, rows);
  }

  /** The line was entered: its draft is done with. */
  forgetDraft(): void {
    this.#drafts.delete(this.shown);
  }

  get #order(): readonly ConversationLabel[] {
    return orderOf(this.#parts.chat.conversationStates);
  }

  #leave(): void {
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
