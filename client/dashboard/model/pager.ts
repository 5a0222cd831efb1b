// What was said before a window showed it: brought from the history into the scrollbacks, page by page. Knows no screen.
import { z } from 'zod';
import { spanSchema } from '../../../core/protocol/message/spans.js';
import type { ConversationLabel, ConversationState } from '../../chat/events.js';
import type { Chat } from '../../chat/port.js';
import type { PastMessage, Records } from './timelines.js';
import type { Scrollback } from '../view/scrollback.js';

const PAGE = 200;
/** Read at once at most. */
const PAGE_MAX = 1_000;
/** Of what was read already, above what is new. */
const CONTEXT = 50;

const upper = z.looseObject({ style: z.string().transform((style) => style.toUpperCase()) });
const pageSchema = z.object({
  messages: z.array(
    z.object({
      id: z.string(),
      from: z.string(),
      text: z.string(),
      spans: z.array(upper.pipe(spanSchema)),
      at: z.iso.datetime().transform((at) => Date.parse(at)),
      acked: z.number().optional(),
      of: z.number().optional(),
    }),
  ),
});

/** How far back a conversation has been brought. */
interface Reach {
  /** The oldest message that was read; null before the first page. */
  oldest: string | null;
  isAll: boolean;
  /** One page at a time. */
  reading: Promise<void>;
}

/** What came of reading further back: more, nothing since there is no more, or no room for more. */
export type Further = 'more' | 'all' | 'full';

export class Past {
  readonly #reaches = new WeakMap<Scrollback, Reach>();

  constructor(
    private readonly chat: Pick<Chat, 'history' | 'conversations'>,
    private readonly records: Records,
    private readonly onChange: () => void,
  ) {}

  /** The first page, unless it was read already. What is unread in `state` stands below a line that says so. */
  async begin(state: ConversationState): Promise<void> {
    const { label, unread, lastRead } = state;
    const scrollback = this.records.of(label);
    if (this.#reaches.has(scrollback)) return;
    const count = Math.min(PAGE_MAX, Math.max(PAGE, unread + CONTEXT));
    await this.#read(label, count);
    if (unread > 0) scrollback.markNewSince(lastRead);
    this.onChange();
  }

  /** The page before the oldest message. */
  async further(label: ConversationLabel): Promise<Further> {
    const scrollback = this.records.of(label);
    const before = scrollback.length;
    await this.#read(label, PAGE);
    this.onChange();
    if (scrollback.length > before) return 'more';
    return scrollback.isFull ? 'full' : 'all';
  }

  /** Reads back until the message is there; false when it cannot be reached. */
  async until(label: ConversationLabel, id: string): Promise<boolean> {
    const scrollback = this.records.of(label);
    while (!scrollback.has(id) && !scrollback.isFull && this.#reaches.get(scrollback)?.isAll !== true) {
      if (!this.chat.conversations.includes(label)) return false;
      await this.#read(label, PAGE_MAX);
    }
    this.onChange();
    return scrollback.has(id);
  }

  #read(label: ConversationLabel, count: number): Promise<void> {
    const scrollback = this.records.of(label);
    const reach = this.#reaches.get(scrollback) ?? { oldest: null, isAll: false, reading: Promise.resolve() };
    this.#reaches.set(scrollback, reach);
    reach.reading = this.#extend(reach, reach.reading, label, count);
    return reach.reading;
  }

  async #extend(reach: Reach, before: Promise<void>, label: ConversationLabel, count: number): Promise<void> {
    await before;
    if (reach.isAll || this.records.of(label).isFull || !this.chat.conversations.includes(label)) return;
    const messages = await this.#page(label, count, reach.oldest);
    this.records.past(label, messages);
    reach.oldest = messages[0]?.id ?? reach.oldest;
    reach.isAll = messages.length < count;
  }

  async #page(
    label: ConversationLabel,
    count: number,
    before: string | null,
  ): Promise<readonly PastMessage[]> {
    const page = pageSchema.safeParse((await this.chat.history(label, count, before)).data);
    return page.success ? page.data.messages : [];
  }
}
