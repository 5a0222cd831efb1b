// The conversation that each window shows, its scroll position, and the draft of each conversation. It reports to the chat which
// conversation the user is looking at.
import type { Schedule } from '../../../core/time/clock.js';
import type { ConversationLabel } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { Editor } from '../input/editor/editor.js';
import { type Split, withWindow } from '../view/arrangement.js';
import { hasRoomFor, type Layout } from '../view/layout.js';
import { orderOf } from './conversation-order.js';
import type { DirectoryCache } from './directory-cache.js';
import { Drafts } from './drafts.js';
import type { Pager } from './pager.js';
import type { StatusMessages } from './status-message.js';
import { Resizing } from './resizing.js';
import { type Scroll, Scrolling } from './scrolling.js';
import type { Renaming, Shown, Timelines } from './timelines.js';
import { type Window, Windows } from './windows.js';

/** The time after which typed text is stored. */
const DRAFT_MS = 500;
const WINDOWS_ANYWHERE = 4;

/** `full`: the screen has no space for another window. `all-shown`: each conversation has a window. */
export type SplitResult = 'added' | 'full' | 'all-shown';

export interface NavigationParts {
  readonly chat: Chat;
  readonly timelines: Timelines;
  readonly editor: Editor;
  readonly pager: Pager;
  readonly directory: DirectoryCache;
  readonly status: StatusMessages;
  readonly schedule: Schedule;
}

export class Navigation {
  readonly windows = new Windows();
  readonly resizing = new Resizing(this);
  /** The layout that was composed last; null while the screen is too small for one. */
  layout: Layout | null = null;
  /** Whether the members of a room are listed beside its window. */
  showsMembers = false;
  readonly #parts: NavigationParts;
  readonly #drafts: Drafts;
  readonly #scrolling: Scrolling;
  /** The last known label of each conversation, by conversation id. Comparing with it finds renamed conversations. */
  readonly #labels = new Map<string, ConversationLabel>();
  /** True until a conversation is shown for the first time. */
  #isUntouched = true;
  #isDraftDue = false;

  constructor(parts: NavigationParts) {
    this.#parts = parts;
    this.#drafts = new Drafts(parts.chat);
    const { timelines, pager, status } = parts;
    this.#scrolling = new Scrolling({
      timelines,
      pager,
      status,
      windows: this.windows,
      layout: () => this.layout,
      refocus: () => this.#focus(),
    });
  }

  get shown(): Shown {
    return this.windows.active.shown;
  }

  /** The conversation whose messages the user sees as they arrive; null while its window is scrolled back. */
  get watched(): Shown {
    return this.windows.active.anchor === null ? this.shown : null;
  }

  /** Applies new labels, empties windows whose conversation is gone, and shows the first conversation in a lone, unused window. */
  refresh(): void {
    const { chat, editor } = this.#parts;
    this.#rename();
    const { shown } = this;
    this.windows.retain((one) => one === null || chat.conversations.includes(one));
    if (this.shown !== shown) {
      // Keep the text in the input line, even though its conversation no longer exists.
      if (editor.text === '') editor.load(this.#drafts.of(this.shown));
      this.#focus();
    }
    const [first] = this.#order;
    const isUnused = this.#isUntouched && this.windows.all.length === 1 && this.shown === null;
    if (isUnused && first !== undefined) this.showOpened(first, this.shown, this.windows.active);
  }

  /** Shows the conversation from its newest entry: in the window that already shows it, or else in the active window. */
  show(shown: Shown): void {
    this.#isUntouched = false;
    // Load the page before the window shows the conversation: showing it marks all messages as read, and the page needs the
    // unread marks.
    this.#loadFirstPage(shown);
    const index = this.windows.indexOf(shown);
    if (index >= 0) this.activate(index);
    else {
      this.#leave();
      this.windows.show(shown);
      this.#enter();
    }
    this.#scrolling.follow(this.windows.active);
    this.#focus();
    if (shown !== null) this.#parts.directory.refresh(this.windows.shownConversations);
  }

  /**
   * Shows a conversation that a command entered in `window` has opened. Text typed after this command, while the window still
   * showed `from`, is meant for the new conversation: it is appended to the draft of the new conversation. If the user has
   * changed to another window, the other window stays active.
   */
  showOpened(opened: ConversationLabel, from: Shown, window: Window): void {
    const { editor } = this.#parts;
    if (window !== this.windows.active) {
      this.#showBeside(opened, window);
      return;
    }
    const typed = this.shown === from && opened !== from ? editor.text : '';
    if (typed !== '') editor.load('');
    this.show(opened);
    if (typed === '') return;
    editor.load([editor.text, typed].filter((text) => text !== '').join(' '));
    this.keepDraft();
  }

  /** Shows the conversation in `window`, which is not active, unless another window already shows it. */
  #showBeside(opened: ConversationLabel, window: Window): void {
    if (this.windows.indexOf(opened) < 0 && this.windows.all.includes(window)) {
      this.#loadFirstPage(opened);
      [window.shown, window.anchor] = [opened, null];
      this.#parts.directory.refresh(this.windows.shownConversations);
    }
    this.#focus();
  }

  /** Shows a conversation by its index in the sidebar, from 0. */
  showNumber(index: number): void {
    const label = this.#order[index];
    if (label !== undefined) this.show(label);
  }

  /**
   * Shows the next (1) or previous (-1) conversation that no other window shows. The terminal's own messages come between the
   * last conversation and the first.
   */
  step(by: 1 | -1): void {
    const around = [null, ...this.#order].filter(
      (one) => one === this.shown || this.windows.indexOf(one) < 0,
    );
    const index = around.indexOf(this.shown);
    this.show(around.at((index + by) % around.length) ?? null);
  }

  /** Shows the next conversation that mentions the user, else the next one with unread messages. False without any. */
  showUnread(): boolean {
    const states = this.#parts.chat.conversationStates;
    const index = this.shown === null ? -1 : this.#order.indexOf(this.shown);
    const following = [...this.#order.slice(index + 1), ...this.#order.slice(0, Math.max(0, index))];
    const has = (count: 'unread' | 'mentions') => (label: ConversationLabel) =>
      states.some((state) => state.label === label && state[count] > 0);
    // Include the conversation shown: if its window is scrolled back, unread messages may be below.
    const around = this.shown === null ? following : [...following, this.shown];
    const next = around.find(has('mentions')) ?? around.find(has('unread'));
    if (next !== undefined) this.show(next);
    return next !== undefined;
  }

  /** Adds a window for the first conversation that no window shows, or else for the terminal's own messages. */
  split(split: Split): SplitResult {
    const other = [...this.#order, null].find((one) => this.windows.indexOf(one) < 0);
    if (other === undefined) return 'all-shown';
    if (!this.#hasRoom(split)) return 'full';
    this.#isUntouched = false;
    this.#loadFirstPage(other);
    this.#leave();
    this.windows.add(split, other);
    this.resizing.layOut();
    this.#enter();
    if (other !== null) this.#parts.directory.refresh(this.windows.shownConversations);
    return 'added';
  }

  closeWindow(): void {
    this.#leave();
    this.windows.close();
    this.resizing.layOut();
    this.#enter();
  }

  activate(index: number): void {
    if (index === this.windows.activeIndex) return;
    this.#leave();
    this.windows.activate(index);
    this.#enter();
  }

  scroll(how: Scroll, index = this.windows.activeIndex): void {
    this.#scrolling.scroll(how, index);
  }

  /** Shows the message in its conversation. Resolves false if it cannot be loaded. */
  jump(label: ConversationLabel, id: string): Promise<boolean> {
    this.show(label);
    return this.#scrolling.showMessage(this.windows.activeIndex, label, id);
  }

  /** Whether window `index` should have a list of members, if the screen has space for it. */
  readonly hasMembers = (index: number): boolean =>
    this.showsMembers && this.windows.all[index]?.shown?.startsWith('#') === true;

  /** Removes all drafts and labels, because another user has logged in. */
  clear(): void {
    this.#drafts.clear();
    this.#labels.clear();
    this.#parts.editor.load('');
    this.#isUntouched = true;
  }

  /** Stores the typed text soon. Call it after each key. */
  noteTyping(): void {
    if (this.#isDraftDue) return;
    this.#isDraftDue = true;
    this.#parts.schedule(DRAFT_MS, () => {
      this.#isDraftDue = false;
      this.keepDraft();
    });
  }

  /** Stores the typed text now. */
  keepDraft(): void {
    this.#drafts.keep(this.shown, this.#parts.editor.text);
  }

  get #order(): readonly ConversationLabel[] {
    return orderOf(this.#parts.chat.conversationStates);
  }

  /** Up to four windows are always allowed: a small screen shows only the active window. */
  #hasRoom(split: Split): boolean {
    const { arrangement, activeIndex, all } = this.windows;
    if (all.length < WINDOWS_ANYWHERE || this.layout === null) return all.length < WINDOWS_ANYWHERE;
    return hasRoomFor(withWindow(arrangement, activeIndex, split), this.layout.size);
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
    this.#drafts.rename(renamings);
  }

  #loadFirstPage(shown: Shown): void {
    const { chat, pager } = this.#parts;
    const state = chat.conversationStates.find(({ label }) => label === shown);
    if (state !== undefined) void pager.loadFirstPage(state);
  }

  #leave(): void {
    // The messages below a window that is scrolled back are still unseen.
    if (this.windows.active.anchor === null) this.#parts.timelines.of(this.shown).seen();
    this.keepDraft();
  }

  #enter(): void {
    this.#parts.editor.load(this.#drafts.of(this.shown));
    this.#focus();
  }

  #focus(): void {
    const { chat } = this.#parts;
    void chat.focus(this.watched);
    if (this.shown !== null && chat.current !== this.shown) void chat.open(this.shown);
  }
}
