// A chat for the specs of faces and commands: says what it is told to, and remembers what it was asked.
import Emittery from 'emittery';
import type { CarrierChoice } from '../../client/chat/peers/carrier-choice.js';
import type { Actions } from '../../client/chat/actions.js';
import type { ChatEvents, ConversationLabel, Outcome, SessionChange } from '../../client/chat/events.js';
import type { Chat, Moderation, MuteTarget } from '../../client/chat/port.js';
import type { Json } from '../../core/json.js';
import type { PrivacyChoice } from '../../core/protocol/operations.js';

type Action = keyof Actions;

export class FakeChat implements Chat {
  readonly events = new Emittery<ChatEvents>();
  session: SessionChange = { state: 'online', reason: 'logged in' };
  username: string | null = 'alice';
  current: ConversationLabel | null = '#lobby';
  conversations: ConversationLabel[] = ['#lobby', '@bob'];
  dnd = false;

  /** Each action asked for with its arguments, e.g. `['join', 'lobby']`. */
  readonly calls: (readonly unknown[])[] = [];
  /** What an action comes to; without one, 500 `DONE` (and 400 `MESSAGE_SENT` with an id for `say`). */
  readonly answers = new Map<Action, Outcome>();
  /** Whether being online is enough for `whenOnline`. */
  hasCaughtUp = true;
  /** Of a conversation that has had another label before. */
  readonly ids = new Map<ConversationLabel, string>();
  /** How much is unread, by conversation; nothing where it is not told. */
  readonly unreadIn = new Map<ConversationLabel, number>();
  /** What the user was answered, refused or not. */
  readonly judgements: Outcome[] = [];
  /** What `drained` resolves with, at once. */
  waiting = 0;
  readonly #waiters = new Set<(isOnline: boolean) => void>();

  get conversationStates() {
    return this.conversations.map((label) => ({
      id: this.ids.get(label) ?? label,
      label,
      unread: this.unreadIn.get(label) ?? 0,
      mentions: 0,
      muted: null,
      lastRead: null,
    }));
  }

  /** Nobody is logged in here. */
  static guest(): FakeChat {
    const chat = new FakeChat();
    chat.become('guest', null);
    return chat;
  }

  become(state: SessionChange['state'], username: string | null, reason = ''): void {
    this.session = { state, reason };
    this.username = username;
    if (username === null) {
      this.current = null;
      this.conversations = [];
    }
  }

  /** Changes the session and tells everybody. */
  async change(state: SessionChange['state'], username: string | null, reason = ''): Promise<void> {
    this.become(state, username, reason);
    if (state === 'online') this.#settle(true);
    await this.events.emit('session', this.session);
  }

  /** Lets everybody who waits for the session run out of time. */
  giveUp(): void {
    this.#settle(false);
  }

  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  /** Remembered among the calls only if there is something to wait for. */
  whenOnline(timeoutMs: number): Promise<boolean> {
    if (this.session.state === 'online' && this.hasCaughtUp) return Promise.resolve(true);
    this.calls.push(['whenOnline', timeoutMs]);
    return new Promise((resolve) => this.#waiters.add(resolve));
  }

  judged = (outcome: Outcome): Outcome => {
    this.judgements.push(outcome);
    return outcome;
  };

  register = (...args: readonly string[]): Promise<Outcome> => this.#answer('register', args);
  login = (...args: readonly string[]): Promise<Outcome> => this.#answer('login', args);
  logout = (): Promise<Outcome> => this.#answer('logout', []);
  rename = (username: string): Promise<Outcome> => this.#answer('rename', [username]);
  changePassword = (...args: readonly string[]): Promise<Outcome> => this.#answer('changePassword', args);
  devices = (): Promise<Outcome> => this.#answer('devices', []);
  revoke = (which: string): Promise<Outcome> => this.#answer('revoke', [which]);
  /** How often the user has done something. */
  activities = 0;
  active = (): void => {
    this.activities += 1;
  };
  people = (): Promise<Outcome> => this.#answer('people', []);
  block = (username: string): Promise<Outcome> => this.#answer('block', [username]);
  unblock = (username: string): Promise<Outcome> => this.#answer('unblock', [username]);
  blocks = (): Promise<Outcome> => this.#answer('blocks', []);
  privacy = (choice: PrivacyChoice | null): Promise<Outcome> => this.#answer('privacy', [choice]);
  rooms = (): Promise<Outcome> => this.#answer('rooms', []);
  create = (room: string, options?: { readonly isPrivate?: boolean }): Promise<Outcome> =>
    this.#answer('create', options === undefined ? [room] : [room, options]);
  join = (room: string): Promise<Outcome> => this.#answer('join', [room]);
  leave = (room: string | null): Promise<Outcome> => this.#answer('leave', [room]);
  members = (room: string | null): Promise<Outcome> => this.#answer('members', [room]);
  topic = (): Promise<Outcome> => this.#answer('topic', []);
  moderate = (act: Moderation): Promise<Outcome> => this.#answer('moderate', [act]);
  open = (conversation: ConversationLabel): Promise<Outcome> => this.#answer('open', [conversation]);
  startPrivate = (username: string, choice: CarrierChoice | null = null): Promise<Outcome> =>
    this.#answer('startPrivate', choice === null ? [username] : [username, choice]);
  link = (conversation: ConversationLabel | null, choice: CarrierChoice): Promise<Outcome> =>
    this.#answer('link', [conversation, choice]);
  focus = (conversation: ConversationLabel | null): Promise<Outcome> => this.#answer('focus', [conversation]);
  unread = (): Promise<Outcome> => this.#answer('unread', []);
  mute = (target: MuteTarget, level: string, durationMs: number | null): Promise<Outcome> =>
    this.#answer('mute', [target, level, durationMs]);
  unmute = (target: MuteTarget): Promise<Outcome> => this.#answer('unmute', [target]);
  mutes = (): Promise<Outcome> => this.#answer('mutes', []);
  setDnd = (isOn: boolean): Promise<Outcome> => this.#answer('setDnd', [isOn]);
  verify = (username: string, isSame: boolean): Promise<Outcome> =>
    this.#answer('verify', [username, isSame]);
  history = (
    label: ConversationLabel | null,
    count: number,
    before: string | null = null,
  ): Promise<Outcome> => this.#answer('history', before === null ? [label, count] : [label, count, before]);
  search = (words: readonly string[]): Promise<Outcome> => this.#answer('search', [words]);
  export = (label: ConversationLabel | null, file: string): Promise<Outcome> =>
    this.#answer('export', [label, file]);
  links = (): Promise<Outcome> => this.#answer('links', []);
  why = (): Promise<Outcome> => this.#answer('why', []);

  async say(conversation: ConversationLabel | null, line: string): Promise<Outcome> {
    this.calls.push(['say', conversation, line]);
    return (
      this.answers.get('say') ?? answer(400, 'MESSAGE_SENT', 'Accepted.', { id: `m${this.calls.length}` })
    );
  }

  trip: number | null = null;
  brokerTrip = async (): Promise<number | null> => this.trip;

  async drained(timeoutMs: number): Promise<number> {
    this.calls.push(['drained', timeoutMs]);
    return this.waiting;
  }

  async close(): Promise<void> {
    this.calls.push(['close']);
  }

  async #answer(action: Action, args: readonly unknown[]): Promise<Outcome> {
    this.calls.push([action, ...args]);
    return this.answers.get(action) ?? answer(500, 'DONE', `${action} done.`);
  }

  #settle(isOnline: boolean): void {
    for (const resolve of this.#waiters) resolve(isOnline);
    this.#waiters.clear();
  }
}

export function answer(status: number, phrase: string, message: string, data?: Json): Outcome {
  return { status, phrase, message, ...(data === undefined ? {} : { data }) };
}
