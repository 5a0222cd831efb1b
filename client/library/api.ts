// The types of the library: what a bot passes and gets. They import only the JSON shapes, so a program needs no other declaration.
import type {
  BackObject,
  ConversationLabel,
  DeliveryObject,
  LinkObject,
  MemberObject,
  MuteObject,
  NoticeObject,
  PageMessageObject,
  PastMessageObject,
  PersonObject,
  PresenceObject,
  RoomObject,
  SessionObject,
  WarningObject,
} from '../json/shapes.js';

export type {
  BackObject,
  BotMark,
  CarrierKind,
  ConversationLabel,
  DeliveryObject,
  LinkObject,
  MemberObject,
  MuteObject,
  NoticeObject,
  PageMessageObject,
  PastMessageObject,
  PersonObject,
  PresenceObject,
  RoomObject,
  SessionObject,
  SpanObject,
  WarningObject,
} from '../json/shapes.js';

/** How to connect. */
export interface ConnectOptions {
  /** The account of the bot: 3 to 24 letters, digits, `_` and `-`, beginning with a letter. */
  readonly username: string;
  /** Needed to log in or register. Once the profile is logged in, it is not used again. */
  readonly password?: string | undefined;
  /** Registers the account first, if the name is free. False by default. */
  readonly register?: boolean | undefined;
  /**
   * The invite of the tracker, `partyline://…`. Without it: the invite of a tracker whose home is in the working folder or a folder
   * above it, or else of the tracker that the profile used last.
   */
  readonly invite?: string | undefined;
  /** The folder of all profiles; by default the one that the terminals of this user share. */
  readonly home?: string | undefined;
  /**
   * The profile: it holds the device's key, the history and the handled place. Its name is the username by default. Only one
   * process at a time can use a profile.
   */
  readonly profile?: string | undefined;
  /** The library always connects as a bot: people see the tag `bot` at its messages and in the list of people. */
  readonly bot?: true;
  /**
   * The largest hop count of messages that the loop gets: 0 gets messages of people only, 1 also the answers of bots to people. At
   * most 7; 1 by default. A larger number lets more bots answer each other before they stop.
   */
  readonly maxHops?: number | undefined;
  /** The address on which direct links are accepted; all addresses of this machine by default. */
  readonly linkHost?: string | undefined;
  /** How much the file `terminal.log` in the profile records; `info` by default. */
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** Ends the connection attempt, every call and the loop, and closes the chat. */
  readonly signal?: AbortSignal | undefined;
}

/** An option of every call. An aborted call rejects with the signal's reason; its request may still take effect. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The answer to an action that succeeded. `status` is even. */
export interface Success<T> {
  readonly ok: true;
  /** The code of the status table, for example 200. */
  readonly status: number;
  /** The phrase of the status table, for example `JOIN_S`. */
  readonly phrase: string;
  /** A sentence for people. */
  readonly message: string;
  readonly data: T;
}

/** The answer to an action that was refused. `status` is odd. */
export interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly phrase: string;
  /** A sentence for people: what happened and what to do. */
  readonly message: string;
  /** A more exact phrase than `phrase`; null if the refusal has no such phrase. */
  readonly reason: string | null;
}

/** Every action resolves with an outcome. It rejects only when it is aborted or the chat is closed. */
export type Outcome<T> = Success<T> | Refusal;

/** The method that every event of the loop has. */
export interface Handled {
  /**
   * Marks this event and all before it as handled. Resolves when the mark is on the disk. The loop does the same when it asks for
   * the next event, without waiting for the disk.
   */
  done(): Promise<void>;
}

/** A message of another person, of a bot, or of another terminal of the bot's account. It has the fields of the JSON face. */
export interface MessageEvent extends PastMessageObject, Handled {
  readonly event: 'message';
  /** Sends `text` to the conversation of the message, with a hop count one above that of the message. */
  reply(text: string, options?: CallOptions): Promise<Outcome<{ readonly id: string }>>;
}

/** A notice about a room of the bot or its account. It has the fields of the JSON face. */
export interface NoticeEvent extends NoticeObject, Handled {}

/** The events that the loop gets. The field `event` names the kind. */
export type ChatEvent = MessageEvent | NoticeEvent;

/** Events that are not stored: a listener gets those that happen while it listens. */
export interface LiveEvents {
  session: SessionObject;
  delivery: DeliveryObject;
  link: LinkObject;
  presence: PresenceObject;
  warning: WarningObject;
  back: BackObject;
}

/**
 * A connected bot.
 *
 * `for await (const event of chat)` gets each message and notice, in the order in which this terminal stored them. An event counts
 * as handled when the loop asks for the next one, or with `done()`. The handled place is on the disk: after a crash, `break` or an
 * exception, the loop begins with the first event that was not handled. So each event comes at least once, and none is skipped.
 * Events wait on the disk, so a slow loop needs no more memory. The first connection of a profile begins with the events from then
 * on. The loop ends when the chat is closed or `ConnectOptions.signal` is aborted. It throws a `PartylineError` if the history
 * cannot be read or written. Only one loop may run at a time.
 *
 * Room names may be written with or without `#`.
 */
export interface Chat extends AsyncIterable<ChatEvent> {
  /** The username of the bot; null while it is logged out. */
  readonly username: string | null;
  readonly session: SessionObject;
  /** The joined rooms and the private conversations. */
  readonly conversations: readonly ConversationLabel[];

  /** Calls `listener` for each event until `options.signal` aborts or the chat is closed. Returns a function that ends it. */
  on<K extends keyof LiveEvents>(
    name: K,
    listener: (event: LiveEvents[K]) => void,
    options?: CallOptions,
  ): () => void;

  /**
   * Sends `text`, which may have markup (`**bold**`, `*italic*`, `[label](https://…)`), to a joined room or a person. Resolves when the
   * message is in the outbox on the disk; it goes out from there, also after a restart. While the loop handles a message, the hop
   * count is one above that of the message, otherwise 1.
   */
  send(
    conversation: ConversationLabel,
    text: string,
    options?: CallOptions,
  ): Promise<Outcome<{ readonly id: string }>>;
  /** The latest `count` messages of a conversation (50 by default), the latest last; with `before`, those before that message. */
  history(
    conversation: ConversationLabel,
    options?: CallOptions & { readonly count?: number; readonly before?: string },
  ): Promise<Outcome<readonly PageMessageObject[]>>;

  rooms(options?: CallOptions): Promise<Outcome<readonly RoomObject[]>>;
  /** Lists the people who are online. */
  people(options?: CallOptions): Promise<Outcome<readonly PersonObject[]>>;
  /** Lists the members of a room in the order in which they joined. `next` would become admin next. */
  members(
    room: string,
    options?: CallOptions,
  ): Promise<Outcome<{ readonly members: readonly MemberObject[]; readonly next: string | null }>>;
  /** Joins a room. For a member it is refused with the reason `ALREADY_MEMBER`, which changes nothing. */
  join(room: string, options?: CallOptions): Promise<Outcome<{ readonly conversation: ConversationLabel }>>;
  /** Creates a room. The bot is its admin. */
  create(
    room: string,
    options?: CallOptions & { readonly isPrivate?: boolean },
  ): Promise<Outcome<{ readonly conversation: ConversationLabel }>>;
  /** Leaves a room. `next` is the new admin, if the leave made somebody admin. */
  leave(room: string, options?: CallOptions): Promise<Outcome<{ readonly next: string | null }>>;
  /** Gets the topic of a room; empty if the room has no topic. */
  topic(room: string, options?: CallOptions): Promise<Outcome<{ readonly topic: string }>>;
  /** Sets the topic of a room; an empty one clears it. */
  setTopic(room: string, topic: string, options?: CallOptions): Promise<Outcome<{ readonly topic: string }>>;

  /** Removes a member from a room. The person may join again. The room and the person see the reason. */
  remove(room: string, username: string, reason: string, options?: CallOptions): Promise<Outcome<Moderated>>;
  /** Removes a member from a room and does not let them join again. */
  ban(room: string, username: string, reason: string, options?: CallOptions): Promise<Outcome<Moderated>>;
  unban(room: string, username: string, options?: CallOptions): Promise<Outcome<Moderated>>;
  /** Allows a person to join the room. */
  invite(room: string, username: string, options?: CallOptions): Promise<Outcome<Moderated>>;
  /** Makes a member an admin. */
  promote(room: string, username: string, options?: CallOptions): Promise<Outcome<Moderated>>;
  /** Makes an admin an ordinary member. */
  demote(room: string, username: string, options?: CallOptions): Promise<Outcome<Moderated>>;

  /** Mutes a conversation: its messages are stored and still come in the loop, but do not count as unread. */
  mute(
    conversation: ConversationLabel,
    options?: CallOptions & { readonly level?: 'all' | 'mentions'; readonly durationMs?: number },
  ): Promise<Outcome<MuteObject>>;
  unmute(conversation: ConversationLabel, options?: CallOptions): Promise<Outcome<null>>;

  /**
   * Waits until every recipient has every sent message, at most `timeoutMs` (5,000 by default). Resolves with the number of messages
   * that still wait.
   */
  drained(options?: CallOptions & { readonly timeoutMs?: number }): Promise<number>;
  /**
   * Ends the loop when it asks for the next event, waits up to 5 s for messages that are being sent, disconnects and frees the
   * profile. Calls that are under way then reject, and so do later ones.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The person whom a moderation action was about. */
export interface Moderated {
  readonly conversation: ConversationLabel;
  readonly username: string;
}
