// A chat for the specs of faces and commands. It returns prepared outcomes and records its calls.
import Emittery from 'emittery';
import type { ChatEvents, ConversationLabel, SessionChange } from '../../client/chat/events.js';
import type { Outcome, Refusal, Success } from '../../client/chat/outcome.js';
import type { Chat, ChatActions } from '../../client/chat/port.js';

type Action = keyof ChatActions;
type Answers = { [A in Action]: Awaited<ReturnType<ChatActions[A]>> };

const KEPT = { keepDays: null, keepMessages: null, waiting: 0, deleted: 0 };

export class FakeChat implements Chat {
  readonly events = new Emittery<ChatEvents>();
  session: SessionChange = { state: 'online', reason: 'logged in' };
  username: string | null = 'alice';
  current: ConversationLabel | null = '#lobby';
  conversations: ConversationLabel[] = ['#lobby', '@bob'];
  dnd = false;

  /** Each action that was called, with its arguments, e.g. `['join', 'lobby']`. */
  readonly calls: (readonly unknown[])[] = [];
  /**
   * The outcomes of actions. For an action without an outcome here: 500 `DONE` with empty data (and 400 `MESSAGE_SENT` with an id
   * for `say`).
   */
  readonly answers: Partial<Answers> = {};
  /** Whether `whenOnline` resolves as soon as the terminal is online. */
  hasCaughtUp = true;
  /** The ids of conversations that had another label before. */
  readonly ids = new Map<ConversationLabel, string>();
  /** The unread counts; 0 for conversations that are not in this map. */
  readonly unreadIn = new Map<ConversationLabel, number>();
  /** The outcomes that were noted, refused or not. */
  readonly noted: Outcome<unknown>[] = [];
  /** The value with which `drained` resolves at once. */
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

  /** A chat without a login. */
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

  /** Changes the session and emits the event. */
  async change(state: SessionChange['state'], username: string | null, reason = ''): Promise<void> {
    this.become(state, username, reason);
    if (state === 'online') this.#settle(true);
    await this.events.emit('session', this.session);
  }

  /** Times out every wait for the session. */
  giveUp(): void {
    this.#settle(false);
  }

  get isAwaited(): boolean {
    return this.#waiters.size > 0;
  }

  /** A call is recorded only if it has to wait. */
  whenOnline(timeoutMs: number): Promise<boolean> {
    if (this.session.state === 'online' && this.hasCaughtUp) return Promise.resolve(true);
    this.calls.push(['whenOnline', timeoutMs]);
    return new Promise((resolve) => this.#waiters.add(resolve));
  }

  noteOutcome = (outcome: Outcome<unknown>): void => {
    this.noted.push(outcome);
  };

  /** The drafts that were kept. */
  readonly drafts = new Map<ConversationLabel, string>();
  draftOf = (label: ConversationLabel): string => this.drafts.get(label) ?? '';
  keepDraft = (label: ConversationLabel, text: string): void => {
    if (text === '') this.drafts.delete(label);
    else this.drafts.set(label, text);
  };

  /** The number of user activities reported. */
  activities = 0;
  active = (): void => {
    this.activities += 1;
  };

  register = this.#action('register', done('register', { username: 'alice' }));
  login = this.#action('login', done('login', { username: 'alice' }));
  logout = this.#action('logout', done('logout', null));
  rename = this.#action('rename', done('rename', { username: 'alice' }));
  changePassword = this.#action('changePassword', done('changePassword', null));
  devices = this.#action('devices', done('devices', { devices: [] }));
  revoke = this.#action('revoke', done('revoke', { name: 'laptop' }));
  people = this.#action('people', done('people', { people: [] }));
  block = this.#action('block', done('block', { username: 'bob' }));
  unblock = this.#action('unblock', done('unblock', { username: 'bob' }));
  blocks = this.#action('blocks', done('blocks', { blocks: [] }));
  privacy = this.#action('privacy', done('privacy', { choice: 'open' }));
  rooms = this.#action('rooms', done('rooms', { rooms: [] }));
  create = this.#action('create', done('create', { conversation: '#lobby' }));
  join = this.#action('join', done('join', { conversation: '#lobby' }));
  leave = this.#action('leave', done('leave', { conversation: '#lobby', nextLeader: null }));
  members = this.#action('members', done('members', { members: [], nextLeader: null }));
  log = this.#action('log', done('log', { conversation: '#lobby', events: [], before: null }));
  topic = this.#action('topic', done('topic', { conversation: '#lobby', topic: '' }));
  setTopic = this.#action('setTopic', done('setTopic', { conversation: '#lobby', topic: '' }));
  moderate = this.#action('moderate', done('moderate', { conversation: '#lobby', username: 'bob' }));
  open = this.#action('open', done('open', { conversation: '#lobby' }));
  startPrivate = this.#action('startPrivate', done('startPrivate', { conversation: '@bob' }));
  link = this.#action('link', done('link', { conversation: '#lobby', choice: 'auto', unreached: 0 }));
  focus = this.#action('focus', done('focus', null));
  unread = this.#action('unread', done('unread', { conversations: [] }));
  mute = this.#action(
    'mute',
    done('mute', { conversation: '#lobby', username: null, level: 'all', until: null }),
  );
  unmute = this.#action('unmute', done('unmute', { conversation: '#lobby', username: null }));
  mutes = this.#action('mutes', done('mutes', { mutes: [] }));
  setDnd = this.#action('setDnd', done('setDnd', { isOn: true }));
  safetyCodes = this.#action('safetyCodes', done('safetyCodes', { username: 'bob', codes: [] }));
  verify = this.#action('verify', done('verify', { username: 'bob', isVerified: true }));
  history = this.#action('history', done('history', { messages: [] }));
  search = this.#action('search', done('search', { messages: [] }));
  export = this.#action('export', done('export', { file: 'lobby.jsonl', count: 0 }));
  retention = this.#action('retention', done('retention', KEPT));
  deleteExpired = this.#action('deleteExpired', done('deleteExpired', KEPT));
  links = this.#action('links', done('links', { links: [] }));
  why = this.#action('why', done('why', { event: null, by: null, at: null, reason: '', remedy: '' }));

  readonly unhandled: Chat['unhandled'] = {
    place: async () => ({ message: 0, notice: 0 }),
    handled: async () => undefined,
    after: async (place) => ({ events: [], end: place }),
  };

  say: ChatActions['say'] = async (conversation, line, form) => {
    this.calls.push(['say', conversation, line, ...(form === undefined ? [] : [form])]);
    return this.answers.say ?? answer(400, 'MESSAGE_SENT', 'Accepted.', { id: `m${this.calls.length}` });
  };

  trip: number | null = null;
  brokerTrip = async (): Promise<number | null> => this.trip;

  async drained(timeoutMs: number): Promise<number> {
    this.calls.push(['drained', timeoutMs]);
    return this.waiting;
  }

  async close(): Promise<void> {
    this.calls.push(['close']);
  }

  #action<A extends Action>(action: A, fallback: Answers[A]) {
    return async (...args: Parameters<ChatActions[A]>): Promise<Answers[A]> => {
      this.calls.push([action, ...args]);
      return this.answers[action] ?? fallback;
    };
  }

  #settle(isOnline: boolean): void {
    for (const resolve of this.#waiters) resolve(isOnline);
    this.#waiters.clear();
  }
}

const done = <T>(action: Action, data: T): Success<T> => answer(500, 'DONE', `${action} done.`, data);

/** A success with `data`. */
export function answer<T>(status: number, phrase: string, message: string, data: T): Success<T> {
  return { isOk: true, status, phrase, message, data };
}

export function refusal(
  status: number,
  phrase: string,
  message: string,
  reason: string | null = null,
): Refusal {
  return { isOk: false, status, phrase, message, reason };
}
