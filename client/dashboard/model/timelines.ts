// The scrollbacks of all conversations, and what every event of the chat adds to them. Knows no screen and no keys.
import type { Clock } from '../../../core/time/clock.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess, type PhraseOf } from '../../../core/protocol/status.js';
import type {
  ChatMessage,
  ChatNotice,
  ConversationLabel,
  Delivery,
  LinkChange,
  Outcome,
  Return,
  SessionChange,
  Warning,
} from '../../chat/events.js';
import { mentionsOf } from '../../chat/notifications/mentions.js';
import { rowsOf } from '../../wording/lists.js';
import { backSentence } from '../../wording/back.js';
import { createLinkTeller, type LinkTeller } from '../../wording/links.js';
import { noticeSentence } from '../../wording/sentences.js';
import { aligned } from '../../wording/width.js';
import type { Theme } from '../paint/theme.js';
import { bodyOf } from '../view/body.js';
import { type Entry, type EntryKind, styleOf } from '../view/entry.js';
import { Scrollback } from '../view/scrollback.js';

/** What a window shows: a conversation, or null for the terminal's own. */
export type Shown = ConversationLabel | null;

const EARLY_MAX = 1_000;

export interface Renaming {
  readonly from: ConversationLabel;
  readonly to: ConversationLabel;
}

/** A message out of the history; `acked` of `of` have it, if it was said here. */
export interface HistoryMessage extends Pick<ChatMessage, 'id' | 'from' | 'text' | 'spans' | 'at'> {
  readonly acked?: number | undefined;
  readonly of?: number | undefined;
}

/**
 * Done deeds of which a line comes in any case, to all whom they concern: the message as it is said, and the room's notice. A ban
 * is none of them: of who is banned already the room is told nothing.
 */
const SHOWN_ELSEWISE: ReadonlySet<string> = new Set<PhraseOf<2 | 4>>([
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
  /** Deliveries told before their message. */
  readonly #earlyMarks = new Map<string, string>();
  readonly #queued = new Set<string>();
  /** Since when the terminal is online. */
  #backAt = 0;
  readonly #links: LinkTeller;

  constructor(
    private readonly theme: Theme,
    private readonly clock: Clock,
    /** Who is logged in here; null without anybody. */
    private readonly me: () => string | null,
  ) {
    this.#links = createLinkTeller(me);
  }

  /** How many of one's own messages wait for somebody. */
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

  /** Said by somebody, or by the user at this terminal or another. What was said while this terminal was away is new. */
  message(message: ChatMessage, isLookedAt: boolean): void {
    const isNew = message.from !== this.me() && (!isLookedAt || message.at < this.#backAt);
    const mark = this.#earlyMarks.get(message.id) ?? '';
    this.#earlyMarks.delete(message.id);
    this.of(message.conversation).append(this.#entryOf(message.conversation, message, mark), isNew);
  }

  /** What was said before, in its order. */
  addHistory(conversation: ConversationLabel, messages: readonly HistoryMessage[]): void {
    const entries = messages.map((message) => {
      const { id, acked = 0, of } = message;
      const isWaiting = of !== undefined && acked < of;
      if (isWaiting) this.#queued.add(id);
      const known = of === undefined ? '' : markOf({ state: isWaiting ? 'queued' : 'delivered', acked, of });
      return this.#entryOf(conversation, message, this.#earlyMarks.get(id) ?? known);
    });
    this.of(conversation).prepend(entries);
  }

  #entryOf(conversation: ConversationLabel, message: HistoryMessage, mark: string): Entry {
    const { from, id, text, spans, at } = message;
    const me = this.me();
    const isOwn = from === me;
    const mentions = isOwn || me === null ? [] : mentionsOf(text, spans, [me]);
    const kind: EntryKind = conversation.startsWith('@') ? 'private' : 'message';
    const body = bodyOf(text, spans, mentions, styleOf({ kind }, this.theme), this.theme);
    const author = sanitiseLine(from);
    return { kind, id, at, author, isOwn, isMention: mentions.length > 0, body, mark };
  }

  delivery(delivery: Delivery): void {
    const { id, conversation, state } = delivery;
    if (state === 'queued' && delivery.of > 0) this.#queued.add(id);
    else this.#queued.delete(id);
    const mark = markOf(delivery);
    if (this.of(conversation).mark(id, mark)) return;
    this.#earlyMarks.set(id, mark);
    const [oldest] = this.#earlyMarks.keys();
    if (this.#earlyMarks.size > EARLY_MAX && oldest !== undefined) this.#earlyMarks.delete(oldest);
  }

  /** What happened to others and to rooms. */
  notice(notice: ChatNotice, known: readonly ConversationLabel[]): void {
    const isRenaming = notice.type === 'UsernameChanged';
    const conversation = isRenaming ? (`@${notice.username}` as const) : notice.conversation;
    const target = conversation !== null && known.includes(conversation) ? conversation : null;
    const sentence = noticeSentence(target === null ? notice : { ...notice, conversation: null }, this.me());
    this.note(target, 'notice', sentence, notice.at);
  }

  link(change: LinkChange, known: readonly ConversationLabel[]): void {
    const sentence = this.#links.sentence(change);
    if (sentence === null) return;
    const label = `@${change.peer}` as const;
    this.note(known.includes(label) ? label : null, 'notice', sentence);
  }

  session({ state, reason }: SessionChange, username: string | null): void {
    if (state === 'online') this.#backAt = this.clock.now();
    if (state === 'guest') this.#links.forget();
    const why = reason === '' ? '' : `: ${reason}`;
    // Of a state that passes, or is nobody's, the reason tells all.
    const text = (state === 'connecting' || state === 'guest') && reason !== '' ? reason : state + why;
    this.note(null, 'system', state === 'online' ? `online as ${username ?? 'nobody'}` : text);
  }

  back(back: Return): void {
    this.note(null, 'system', backSentence(back));
  }

  /** About a key or a name that may not be what it seems: where the person is talked to. */
  warning({ peer, message, at }: Warning, known: readonly ConversationLabel[]): void {
    const label = `@${peer}` as const;
    this.note(known.includes(label) ? label : null, 'error', message, at);
  }

  outcome(shown: Shown, { status, phrase, message, data }: Outcome): void {
    if (SHOWN_ELSEWISE.has(phrase)) return;
    this.note(shown, isSuccess(status) ? 'system' : 'error', message);
    const rows = rowsOf(data).map((row) => row.map(sanitiseLine));
    for (const line of aligned(rows)) this.note(shown, 'detail', line);
  }

  note(shown: Shown, kind: EntryKind, text: string, at = this.clock.now()): void {
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

  /** What was said is not for who comes next. */
  forget(): void {
    for (const shown of this.#scrollbacks.keys()) if (shown !== null) this.#scrollbacks.delete(shown);
    this.#queued.clear();
    this.#earlyMarks.clear();
  }

  /** Conversations have other labels now, all at once: what was said in them goes along. */
  rename(renamings: readonly Renaming[]): void {
    const taken = renamings.map(({ from, to }) => ({ to, scrollback: this.#scrollbacks.get(from) }));
    for (const { from } of renamings) this.#scrollbacks.delete(from);
    for (const { to, scrollback } of taken) {
      if (scrollback === undefined) continue;
      // What came under the new label before this was known.
      const since = this.#scrollbacks.get(to);
      for (const entry of [...(since?.newestFirst() ?? [])].toReversed()) scrollback.append(entry);
      this.#scrollbacks.set(to, scrollback);
    }
  }
}

/** `…` queued, `✓` sent, `✓✓` with everybody, `✓ 1/2` with some. */
function markOf({ state, acked, of }: Pick<Delivery, 'state' | 'acked' | 'of'>): string {
  switch (state) {
    case 'queued':
      return acked > 0 ? `✓ ${acked}/${of}` : '…';
    case 'sent':
      return of > 1 && acked > 0 ? `✓ ${acked}/${of}` : '✓';
    case 'delivered':
      return of === 0 ? '✓' : '✓✓';
  }
}
