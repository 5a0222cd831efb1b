// The port of the headless chat: all actions of faces and slash commands. Each action's signature is declared only here.
import type Emittery from 'emittery';
import type { PrivacyChoice } from '../../core/protocol/operations.js';
import type { CarrierChoice } from './peers/carrier-choice.js';
import type { ChatEvents, ConversationLabel, ConversationState, MuteLevel, SessionChange } from './events.js';
import type { Outcome } from './outcome.js';
import type { Unhandled } from './unhandled/unhandled.js';
import type {
  BlockedPerson,
  BlockList,
  ChosenCarrier,
  DeviceList,
  DndState,
  Explanation,
  ExportedFile,
  HistoryPage,
  LeftRoom,
  LinkList,
  ListedMute,
  LoggedIn,
  MemberList,
  Moderated,
  MutedScope,
  MuteList,
  OpenedConversation,
  PeopleList,
  Privacy,
  PrivateOutcome,
  Renamed,
  RetentionState,
  RevokedDevice,
  RoomList,
  RoomLog,
  RoomTopic,
  SafetyCodes,
  SearchResult,
  SentMessage,
  UnreadList,
  Verification,
} from './results.js';

/**
 * A label, a word without `#` or `@`, or null for the current conversation. A word is read as a member of the current room if it
 * can be.
 */
export type MuteTarget = { readonly label: ConversationLabel } | { readonly word: string } | null;

/** An admin's action on a person in the current room. */
export type Moderation =
  | { readonly operation: 'REMOVE' | 'BAN'; readonly username: string; readonly reason: string }
  | {
      readonly operation: 'UNBAN' | 'INVITE' | 'PROMOTE' | 'DEMOTE' | 'SUCCESSOR';
      readonly username: string;
    };

/** Everything a user can do. Each action resolves with an outcome; it never rejects because of the user or the network. */
export interface ChatActions {
  register(username: string, password: string): Promise<Outcome<LoggedIn>>;
  login(username: string, password: string): Promise<Outcome<LoggedIn>>;
  logout(): Promise<Outcome>;
  /** Changes the name of the account that is logged in. */
  rename(username: string): Promise<Outcome<Renamed>>;
  changePassword(current: string, next: string): Promise<Outcome>;

  /** Lists the terminals of the account. */
  devices(): Promise<Outcome<DeviceList>>;
  /** Logs out another terminal of the account. @param which its number in the list, or its name */
  revoke(which: string): Promise<Outcome<RevokedDevice>>;

  /** Lists the people online, with the rooms shared with them and the links to them. */
  people(): Promise<Outcome<PeopleList>>;
  /** Ends all contact with a person, in both directions, at all terminals of the account. */
  block(username: string): Promise<Outcome<BlockedPerson>>;
  unblock(username: string): Promise<Outcome<BlockedPerson>>;
  blocks(): Promise<Outcome<BlockList>>;
  /** Gets the address privacy setting, or sets it unless `choice` is null. */
  privacy(choice: PrivacyChoice | null): Promise<Outcome<Privacy>>;

  rooms(): Promise<Outcome<RoomList>>;
  create(room: string, options?: { readonly isPrivate?: boolean }): Promise<Outcome<OpenedConversation>>;
  join(room: string): Promise<Outcome<OpenedConversation>>;
  /** Leaves the current room when `room` is null. */
  leave(room: string | null): Promise<Outcome<LeftRoom>>;
  /** Lists the members of the current room when `room` is null. */
  members(room: string | null): Promise<Outcome<MemberList>>;
  /**
   * Gets a page of a room's moderation history with its proof; of the current room when `room` is null. `before`: only events before
   * this version of the room; the latest when null.
   */
  log(room: string | null, before: number | null): Promise<Outcome<RoomLog>>;
  /** Gets the topic of the current room. */
  topic(): Promise<Outcome<RoomTopic>>;
  /** Sets the topic of the current room; an empty one clears it. */
  setTopic(topic: string): Promise<Outcome<RoomTopic>>;
  moderate(moderation: Moderation): Promise<Outcome<Moderated>>;

  /** Makes a conversation of this terminal the current one. */
  open(conversation: ConversationLabel): Promise<Outcome<OpenedConversation>>;
  /** Asks for an introduction to a person and opens the private conversation. A `choice` selects its carrier from now on. */
  startPrivate(username: string, choice?: CarrierChoice | null): Promise<PrivateOutcome>;
  /**
   * Sends `line` (with markup) to `conversation`, or to the current one when null. An action is sent as the user's name and the
   * line, in italics. `hops` is the hop count of a bot's message, 0 by default. Calls that do not wait for each other are sent in
   * the order of the calls, to the conversation that is the current one when `say` is called, and are stored together.
   */
  say(
    conversation: ConversationLabel | null,
    line: string,
    form?: 'message' | 'action',
    hops?: number,
  ): Promise<Outcome<SentMessage>>;
  /**
   * Sets the conversation that the user looks at, null for no conversation. Its messages are read as they arrive. Until a face
   * calls this, the current conversation counts as looked at.
   */
  focus(conversation: ConversationLabel | null): Promise<Outcome>;
  unread(): Promise<Outcome<UnreadList>>;
  /**
   * Muted messages are stored and shown, but neither notify nor count as unread. The mute has no end when `durationMs` is null.
   */
  mute(target: MuteTarget, level: MuteLevel, durationMs: number | null): Promise<Outcome<ListedMute>>;
  unmute(target: MuteTarget): Promise<Outcome<MutedScope>>;
  mutes(): Promise<Outcome<MuteList>>;
  setDnd(isOn: boolean): Promise<Outcome<DndState>>;

  /** Chooses the carrier of a conversation, of the current one when null. The choice is kept across restarts. */
  link(conversation: ConversationLabel | null, choice: CarrierChoice): Promise<Outcome<ChosenCarrier>>;
  links(): Promise<Outcome<LinkList>>;
  /** Gets the safety codes of a person's terminals, for the user to compare. */
  safetyCodes(username: string): Promise<Outcome<SafetyCodes>>;
  /** Marks a person's terminals as verified, except those with codes that were not shown to the user. */
  verify(username: string): Promise<Outcome<Verification>>;

  /**
   * Gets the latest `count` messages of a conversation, or of the current one when null. With `before`, only messages before the
   * message with that id.
   */
  history(
    label: ConversationLabel | null,
    count: number,
    before?: string | null,
  ): Promise<Outcome<HistoryPage>>;
  /** Gets the latest messages of all conversations with all of the words; the last word may be a prefix. */
  search(words: readonly string[]): Promise<Outcome<SearchResult>>;
  /** Writes a conversation to a new file, one JSON line for each message. Refuses to overwrite a file. */
  export(label: ConversationLabel | null, file: string): Promise<Outcome<ExportedFile>>;
  /** Gets the limits of the history, and how many messages wait for the user's consent to be deleted. */
  retention(): Promise<Outcome<RetentionState>>;
  /** Deletes the messages that wait for the user's consent. */
  deleteExpired(): Promise<Outcome<RetentionState>>;
  /** Explains the last refusal, disconnection or promotion. */
  why(): Promise<Outcome<Explanation>>;
}

/** The headless chat. */
export interface Chat extends ChatActions {
  readonly events: Emittery<ChatEvents>;
  readonly session: SessionChange;
  /** The username logged in at this terminal; null if nobody is logged in. */
  readonly username: string | null;
  /** The conversation that plain lines go to; null when none is open. */
  readonly current: ConversationLabel | null;
  /** The conversations of this terminal: joined rooms and private conversations. */
  readonly conversations: readonly ConversationLabel[];
  /** The conversations with their unread counts. */
  readonly conversationStates: readonly ConversationState[];
  /** What a program has not handled. Notices are kept only at a terminal that was opened for a bot. */
  readonly unhandled: Unhandled;
  /** Do not disturb: no notification is loud. Kept across restarts. */
  readonly dnd: boolean;

  /** The unsent text of an open conversation, also from before this start. Empty if no text is stored. */
  draftOf(conversation: ConversationLabel): string;
  /** Stores the unsent text of an open conversation. An empty text removes it. Never pass a password. */
  keepDraft(conversation: ConversationLabel, text: string): void;
  /** Records an outcome that was shown to the user. `why` explains the last refusal. */
  noteOutcome(outcome: Outcome<unknown>): void;
  /**
   * Resolves true once online and caught up. Resolves false once the tracker is reached and nobody is logged in, or after
   * `timeoutMs`.
   */
  whenOnline(timeoutMs: number): Promise<boolean>;
  /** Records that the user did something at this terminal. After ten minutes without it, the user is away. */
  active(): void;
  /** Measures the round trip to the broker in milliseconds; null without a connection. */
  brokerTrip(): Promise<number | null>;
  /**
   * Waits until none of the user's messages waits for a recipient, at most `timeoutMs`. Resolves with the number that still wait.
   */
  drained(timeoutMs: number): Promise<number>;
  close(): Promise<void>;
}
