// The loading of older messages from the history into the scrollbacks, page by page. It does not depend on the screen.
import type { ConversationLabel, ConversationState } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { PageMessage } from '../../chat/results.js';
import type { Timelines } from './timelines.js';
import type { Scrollback } from '../view/scrollback/scrollback.js';

const PAGE = 200;
/** The most messages read at once. */
const PAGE_MAX = 1_000;
/** The number of messages loaded above the first unread one. */
const CONTEXT = 50;

/** The extent to which a conversation is loaded. */
interface Progress {
  /** The id of the oldest message loaded; null before the first page. */
  oldest: string | null;
  /** Whether the history has no older messages. */
  isComplete: boolean;
  /** Settles when the page that is being loaded is complete. Pages are loaded one at a time. */
  loading: Promise<void>;
}

/** `more`: older messages were loaded. `complete`: no older messages are stored. `full`: the window holds no more. */
export type PageResult = 'more' | 'complete' | 'full';

export class Pager {
  readonly #progressOf = new WeakMap<Scrollback, Progress>();

  constructor(
    private readonly chat: Pick<Chat, 'history' | 'conversations'>,
    private readonly timelines: Timelines,
    private readonly onChange: () => void,
  ) {}

  /** Loads the first page once, and marks the messages that are unread in `state`. */
  async loadFirstPage(state: ConversationState): Promise<void> {
    const { label, unread, lastRead } = state;
    const scrollback = this.timelines.of(label);
    if (this.#progressOf.has(scrollback)) return;
    const count = Math.min(PAGE_MAX, Math.max(PAGE, unread + CONTEXT));
    await this.#load(label, count);
    if (unread > 0) scrollback.markNewSince(lastRead);
    this.onChange();
  }

  /** Loads the page before the oldest message. */
  async loadOlder(label: ConversationLabel): Promise<PageResult> {
    const scrollback = this.timelines.of(label);
    const before = scrollback.length;
    await this.#load(label, PAGE);
    this.onChange();
    if (scrollback.length > before) return 'more';
    return scrollback.isFull ? 'full' : 'complete';
  }

  /** Loads pages until the scrollback contains the message. Resolves false if the message cannot be loaded. */
  async loadUntil(label: ConversationLabel, id: string): Promise<boolean> {
    const scrollback = this.timelines.of(label);
    while (
      !scrollback.has(id) &&
      !scrollback.isFull &&
      this.#progressOf.get(scrollback)?.isComplete !== true
    ) {
      if (!this.chat.conversations.includes(label)) return false;
      await this.#load(label, PAGE_MAX);
    }
    this.onChange();
    return scrollback.has(id);
  }

  #load(label: ConversationLabel, count: number): Promise<void> {
    const scrollback = this.timelines.of(label);
    const progress = this.#progressOf.get(scrollback) ?? {
      oldest: null,
      isComplete: false,
      loading: Promise.resolve(),
    };
    this.#progressOf.set(scrollback, progress);
    progress.loading = this.#extend(progress, progress.loading, label, count);
    return progress.loading;
  }

  async #extend(
    progress: Progress,
    before: Promise<void>,
    label: ConversationLabel,
    count: number,
  ): Promise<void> {
    await before;
    if (progress.isComplete || this.timelines.of(label).isFull || !this.chat.conversations.includes(label))
      return;
    const messages = await this.#page(label, count, progress.oldest);
    this.timelines.addHistory(label, messages);
    progress.oldest = messages[0]?.id ?? progress.oldest;
    progress.isComplete = messages.length < count;
  }

  async #page(
    label: ConversationLabel,
    count: number,
    before: string | null,
  ): Promise<readonly PageMessage[]> {
    const page = await this.chat.history(label, count, before);
    return page.isOk ? page.data.messages : [];
  }
}
