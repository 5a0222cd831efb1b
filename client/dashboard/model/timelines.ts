// The scrollbacks of all conversations, and the entries that each event of the chat adds to them. This part does not depend on
// the screen or the keys.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../core/time/clock.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Span } from '../../../core/protocol/message/spans.js';
import type { PhraseOf } from '../../../core/protocol/status.js';
import type {
  ChatMessage,
  ChatNotice,
  ConversationLabel,
  Delivery,
  LinkChange,
  Return,
  SessionChange,
  Warning,
} from '../../chat/events.js';
import type { PageMessage } from '../../chat/results.js';
import type { Reply } from '../../commands/reply.js';
import { mentionsOf } from '../../chat/notifications/mentions.js';
import { rowsOf } from '../../wording/lists.js';
import { backSentence } from '../../wording/back.js';
import { createLinkTeller, type LinkTeller } from '../../wording/links.js';
import { createRefusalTeller } from '../../wording/refusals.js';
import { noticeSentence } from '../../wording/sentences.js';
import { aligned } from '../../wording/width.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { bodyOf } from '../view/scrollback/body.js';
import type { Entry, EntryKind } from '../view/scrollback/entry.js';
import { Scrollback } from '../view/scrollback/scrollback.js';

/** The content of a window: a conversation, or null for the terminal's own messages. */
export type Shown = ConversationLabel | null;

const EARLY_MAX = 1_000;

export interface Renaming {
  readonly from: ConversationLabel;
  readonly to: ConversationLabel;
}

/**
 * Successes that need no line of their own, because the message itself or the room's notice shows them. A ban does need its line:
 * for a person who is already banned, an older tracker gives the same answer but sends no notice.
 */
const SHOWN_OTHERWISE: ReadonlySet<string> = new Set<PhraseOf<2 | 4>>([
  'MESSAGE_SENT',
  'CREATION_S',
  'JOIN_S',
  'QUIT_S',
  'MEMBER_REMOVED_S',
  'MEMBER_UNBANNED_S',
  'ADMIN_PROMOTED_S',
  'ADMIN_DEMOTED_S',
  'TOPIC_CHANGED_S',
]);

export class Timelines {
  readonly #scrollbacks = new Map<Shown, Scrollback>();
  /** Delivery marks that came before their message, by message id. */
  readonly #earlyMarks = new LRUCache<string, string>({ max: EARLY_MAX });
  /** The ids of own messages that some recipients have not received yet. */
  readonly #queued = new Set<string>();
  /** When the terminal came online, in milliseconds since the epoch. */
  #onlineSince = 0;
  readonly #links: LinkTeller;
  readonly #refusals = createRefusalTeller();

  constructor(
    private readonly theme: Theme,
    private readonly clock: Clock,
    /** The username that is logged in here; null for nobody. */
    private readonly me: () => string | null,
  ) {
    this.#links = createLinkTeller(me);
  }

  /** The number of own messages that some recipients have not received yet. */
  get queued(): number {
    return this.#queued.size;
  }

  of(shown: Shown): Scrollback {
    const found = this.#scrollbacks.get(shown);
    if (found !== undefined) return found;
    const made = new Scrollback(this.theme);
    this.#scrollbacks.set(shown, made);
    return made;
  }

  /** Forgets all wrapped rows, after a change of theme or widths. */
  forgetRows(): void {
    for (const scrollback of this.#scrollbacks.values()) scrollback.forgetRows();
  }

  /** Adds a message by anybody, the user included. Messages written while this terminal was offline are marked as new. */
  addMessage(message: ChatMessage, isLookedAt: boolean): void {
    const isNew = message.from !== this.me() && (!isLookedAt || message.at < this.#onlineSince);
    const mark = this.#earlyMarks.get(message.id) ?? '';
    this.#earlyMarks.delete(message.id);
    this.of(message.conversation).append(this.#entryOf(message.conversation, message, mark), isNew);
  }

  /** Adds older messages, oldest first. */
  addHistory(conversation: ConversationLabel, messages: readonly PageMessage[]): void {
    const entries = messages.map((message) => {
      const { id, reach } = message;
      const state = reach === null ? null : stateOf(reach);
      if (state === 'queued') this.#queued.add(id);
      const known = reach === null || state === null ? '' : markOf({ state, ...reach });
      return this.#entryOf(conversation, message, this.#earlyMarks.get(id) ?? known);
    });
    this.of(conversation).prepend(entries);
  }

  #entryOf(conversation: ConversationLabel, message: Omit<ChatMessage, 'link'>, mark: string): Entry {
    const { from, id, text, spans, at, hops } = message;
    const me = this.me();
    const isOwn = from === me;
    const mentions = isOwn || me === null ? [] : mentionsOf(text, spans, [me]);
    const kind: EntryKind = conversation.startsWith('@') ? 'private' : 'message';
    const body = bodyOf(text, spans, mentions);
    const author = sanitiseLine(from);
    const isAction = isActionOf(author, text, spans);
    const mention = { isMention: mentions.length > 0 };
    const bot = hops === undefined ? {} : { isBot: true };
    return { kind, id, at, author, isOwn, ...mention, isAction, ...bot, body, mark };
  }

  markDelivery(delivery: Delivery): void {
    const { id, conversation, state } = delivery;
    if (state === 'queued' && delivery.of > 0) this.#queued.add(id);
    else this.#queued.delete(id);
    const refusal = this.#refusals.sentence(delivery);
    if (refusal !== null) this.addText(conversation, 'error', refusal);
    const mark = markOf(delivery);
    if (this.of(conversation).mark(id, mark)) return;
    this.#earlyMarks.set(id, mark);
  }

  addNotice(notice: ChatNotice, known: readonly ConversationLabel[]): void {
    const isRenaming = notice.type === 'UsernameChanged';
    const conversation = isRenaming ? (`@${notice.username}` as const) : notice.conversation;
    const target = conversation !== null && known.includes(conversation) ? conversation : null;
    const sentence = noticeSentence(target === null ? notice : { ...notice, conversation: null }, this.me());
    this.addText(target, 'notice', sentence, notice.at);
  }

  addLinkChange(change: LinkChange, known: readonly ConversationLabel[]): void {
    const sentence = this.#links.sentence(change);
    if (sentence === null) return;
    const label = `@${change.peer}` as const;
    this.addText(known.includes(label) ? label : null, 'notice', sentence);
  }

  addSessionChange({ state, reason }: SessionChange, username: string | null): void {
    if (state === 'online') this.#onlineSince = this.clock.now();
    if (state === 'guest') this.#links.forget();
    const why = reason === '' ? '' : `: ${reason}`;
    // For the states `connecting` and `guest` the reason is a whole sentence.
    const text = (state === 'connecting' || state === 'guest') && reason !== '' ? reason : state + why;
    this.addText(null, 'system', state === 'online' ? `online as ${username ?? 'nobody'}` : text);
  }

  addReturn(back: Return): void {
    this.addText(null, 'system', backSentence(back));
  }

  /** Adds a warning about a person to the conversation with this person, or else to the terminal's own messages. */
  addWarning({ peer, message, at }: Warning, known: readonly ConversationLabel[]): void {
    const label = peer === null ? null : (`@${peer}` as const);
    this.addText(label !== null && known.includes(label) ? label : null, 'error', message, at);
  }

  addReply(shown: Shown, reply: Reply): void {
    const { isOk, phrase, message } = reply.outcome;
    if (SHOWN_OTHERWISE.has(phrase)) return;
    this.addText(shown, isOk ? 'system' : 'error', message);
    const rows = rowsOf(reply).map((row) => row.map(sanitiseLine));
    for (const line of aligned(rows)) this.addText(shown, 'detail', line);
  }

  addText(shown: Shown, kind: EntryKind, text: string, at = this.clock.now()): void {
    this.of(shown).append({
      kind,
      id: null,
      at,
      author: null,
      isOwn: false,
      isMention: false,
      body: sanitiseLine(text),
      mark: '',
    });
  }

  /** Removes all conversations, because another user has logged in. */
  clear(): void {
    for (const shown of this.#scrollbacks.keys()) if (shown !== null) this.#scrollbacks.delete(shown);
    this.#queued.clear();
    this.#earlyMarks.clear();
  }

  /** Applies all new labels at once, because two conversations may exchange their labels. */
  rename(renamings: readonly Renaming[]): void {
    const taken = renamings.map(({ from, to }) => ({ to, scrollback: this.#scrollbacks.get(from) }));
    for (const { from } of renamings) this.#scrollbacks.delete(from);
    for (const { to, scrollback } of taken) {
      if (scrollback === undefined) continue;
      // Entries that were added under the new label before this client received the renaming.
      const since = this.#scrollbacks.get(to);
      for (const entry of [...(since?.newestFirst() ?? [])].toReversed()) scrollback.append(entry);
      this.#scrollbacks.set(to, scrollback);
    }
  }
}

/** The delivery state of a message sent in an earlier session. */
function stateOf({ acked, of, refused }: NonNullable<PageMessage['reach']>): Delivery['state'] {
  if (acked + refused < of) return 'queued';
  return refused > 0 ? 'refused' : 'delivered';
}

/** Whether the whole text is in italics and begins with the author's own name, as /me writes it. */
function isActionOf(author: string, text: string, spans: readonly Span[]): boolean {
  const isWhole = spans.some(
    ({ style, start, end }) => style === 'ITALIC' && start === 0 && end === text.length,
  );
  return isWhole && text.startsWith(`${author} `);
}

/**
 * The delivery mark. `…`: queued. `✓`: sent. `✓ 1/2`: one of two accounts has received the message. `✓✓`: all have received it.
 * `✗ 1/2`: one of two has received it, and another refused it.
 */
function markOf({ state, acked, of }: Pick<Delivery, 'state' | 'acked' | 'of'>): string {
  switch (state) {
    case 'queued':
      return acked > 0 ? `✓ ${acked}/${of}` : '…';
    case 'sent':
      return of > 1 && acked > 0 ? `✓ ${acked}/${of}` : '✓';
    case 'delivered':
      return '✓✓';
    case 'refused':
      return acked > 0 ? `✗ ${acked}/${of}` : '✗';
  }
}
