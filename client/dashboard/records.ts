// The scrollbacks of all conversations, and what every event of the chat adds to them. Knows no screen and no keys.
import type { Clock } from '../../core/clock.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import { isSuccess } from '../../core/protocol/status.js';
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
} from '../chat/events.js';
import { mentionsOf } from '../chat/mentions.js';
import { rowsOf } from '../words/lists.js';
import { backSentence } from '../words/back.js';
import { createLinkTeller } from '../words/links.js';
import { noticeSentence } from '../words/sentences.js';
import { aligned } from '../words/width.js';
import { piece } from './paint/style.js';
import type { Theme } from './theme.js';
import { bodyOf } from './view/body.js';
import { type EntryKind, styleOf } from './view/entry.js';
import { Scrollback } from './view/scrollback.js';

/** What a window shows: a conversation, or null for the terminal's own. */
export type Shown = ConversationLabel | null;

const EARLY_MAX = 1_000;

export class Records {
  readonly #scrollbacks = new Map<Shown, Scrollback>();
  /** Deliveries told before their message. */
  readonly #early = new Map<string, string>();
  readonly #queued = new Set<string>();
  readonly #linkSentence: (change: LinkChange) => string | null;

  constructor(
    private readonly theme: Theme,
    private readonly clock: Clock,
    /** Who is logged in here; null without anybody. */
    private readonly me: () => string | null,
  ) {
    this.#linkSentence = createLinkTeller(me);
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

  /** @param isOwn whether the user of this terminal said it */
  message(message: ChatMessage, isOwn: boolean, username: string | null): void {
    const { conversation, from, id, text, spans, at } = message;
    const mentions = isOwn || username === null ? [] : mentionsOf(text, spans, [username]);
    const kind: EntryKind = conversation.startsWith('@') ? 'private' : 'message';
    const mark = this.#early.get(id) ?? '';
    this.#early.delete(id);
    this.of(conversation).append({
      kind,
      id,
      at,
      author: sanitiseLine(from),
      isOwn,
      isMention: mentions.length > 0,
      body: bodyOf(text, spans, mentions, styleOf({ kind }, this.theme), this.theme),
      mark,
    });
  }

  delivery(delivery: Delivery): void {
    const { id, conversation, state } = delivery;
    if (state === 'queued' && delivery.of > 0) this.#queued.add(id);
    else this.#queued.delete(id);
    const mark = markOf(delivery);
    if (this.of(conversation).mark(id, mark)) return;
    this.#early.set(id, mark);
    const [oldest] = this.#early.keys();
    if (this.#early.size > EARLY_MAX && oldest !== undefined) this.#early.delete(oldest);
  }

  /** What happened to others and to rooms; a person who has another name takes the private conversation along. */
  notice(notice: ChatNotice, known: readonly ConversationLabel[]): void {
    const { type, formerly, username, conversation } = notice;
    if (type === 'UsernameChanged' && formerly !== undefined) this.#rename(`@${formerly}`, `@${username}`);
    const place = conversation !== null && known.includes(conversation) ? conversation : null;
    const sentence = noticeSentence(place === null ? notice : { ...notice, conversation: null }, this.me());
    this.note(place, 'notice', sentence, notice.at);
  }

  link(change: LinkChange, known: readonly ConversationLabel[]): void {
    const sentence = this.#linkSentence(change);
    if (sentence === null) return;
    const label = `@${change.peer}` as const;
    this.note(known.includes(label) ? label : null, 'notice', sentence);
  }

  session({ state, reason }: SessionChange, username: string | null): void {
    const why = reason === '' ? '' : `: ${reason}`;
    this.note(null, 'system', state === 'online' ? `online as ${username ?? 'nobody'}` : state + why);
  }

  back(back: Return): void {
    this.note(null, 'system', backSentence(back));
  }

  /** About a key or a name that may not be what it seems: where the person is talked to. */
  warning({ peer, message, at }: Warning, known: readonly ConversationLabel[]): void {
    const label = `@${peer}` as const;
    this.note(known.includes(label) ? label : null, 'error', message, at);
  }

  /** Nothing for a message that was accepted: it is shown as it is said. */
  outcome(shown: Shown, { status, phrase, message, data }: Outcome): void {
    if (phrase === 'MESSAGE_SENT') return;
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
      body: [piece(sanitiseLine(text), styleOf({ kind }, this.theme))],
      mark: '',
    });
  }

  #rename(from: ConversationLabel, to: ConversationLabel): void {
    const scrollback = this.#scrollbacks.get(from);
    if (scrollback === undefined || this.#scrollbacks.has(to)) return;
    this.#scrollbacks.delete(from);
    this.#scrollbacks.set(to, scrollback);
  }
}

/** `…` queued, `✓` sent, `✓✓` with everybody, `✓ 1/2` with some. */
function markOf({ state, acked, of }: Delivery): string {
  switch (state) {
    case 'queued':
      return acked > 0 ? `✓ ${acked}/${of}` : '…';
    case 'sent':
      return of > 1 && acked > 0 ? `✓ ${acked}/${of}` : '✓';
    case 'delivered':
      return of === 0 ? '✓' : '✓✓';
  }
}
