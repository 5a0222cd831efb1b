// What faces and slash commands can do with a chat, whatever it is made of.
import type Emittery from 'emittery';
import type { PrivacyChoice } from '../../core/protocol/operations.js';
import type { CarrierChoice } from './peers/carrier-choice.js';
import type {
  ChatEvents,
  ConversationLabel,
  ConversationState,
  MuteLevel,
  Outcome,
  SessionChange,
} from './events.js';

/** A conversation by its label, a name (of a member of the current room, if it is one), or the current conversation. */
export type MuteTarget = { readonly label: ConversationLabel } | { readonly word: string } | null;

/** What an admin does in a room, mostly to a person. */
export type Moderation =
  | { readonly operation: 'REMOVE' | 'BAN'; readonly username: string; readonly reason: string }
  | {
      readonly operation: 'UNBAN' | 'INVITE' | 'PROMOTE' | 'DEMOTE' | 'SUCCESSOR';
      readonly username: string;
    }
  /** Empty for none. */
  | { readonly operation: 'TOPIC'; readonly topic: string };

/** The headless chat. Every action resolves with an outcome and never rejects for what a user or the network did. */
export interface Chat {
  readonly events: Emittery<ChatEvents>;
  readonly session: SessionChange;
  /** The username logged in here; null without one. */
  readonly username: string | null;
  /** Where a plain line goes; null when nothing is open. */
  readonly current: ConversationLabel | null;
  /** The conversations of this terminal: rooms one is in, and private ones. */
  readonly conversations: readonly ConversationLabel[];
  /** The same with what is to be read of each. */
  readonly conversationStates: readonly ConversationState[];
  /** Do not disturb: no notification is loud. Kept across restarts. */
  readonly dnd: boolean;

  /** Remembers what the user asked for and was refused, so that `why` explains it; returns it as it is. */
  judged(outcome: Outcome): Outcome;

  /** Resolves true once online, false when `timeoutMs` pass before. */
  whenOnline(timeoutMs: number): Promise<boolean>;

  register(username: string, password: string): Promise<Outcome>;
  login(username: string, password: string): Promise<Outcome>;
  logout(): Promise<Outcome>;
  /** Gives the account that is logged in here another name. */
  rename(username: string): Promise<Outcome>;
  changePassword(current: string, next: string): Promise<Outcome>;

  /** The terminals of the account. */
  devices(): Promise<Outcome>;
  /** Logs out another terminal of the account, by its name or by its number in the list. */
  revoke(which: string): Promise<Outcome>;

  /** The user has done something at this terminal: who does nothing for ten minutes is away. */
  active(): void;
  /** Who is online, whether they are there, the rooms shared with them, and what carries the link. */
  people(): Promise<Outcome>;
  /** No contact any more, either way, at any terminal of the account. */
  block(username: string): Promise<Outcome>;
  unblock(username: string): Promise<Outcome>;
  blocks(): Promise<Outcome>;
  /** To whom this account's addresses are given; chosen unless null. */
  privacy(choice: PrivacyChoice | null): Promise<Outcome>;
  rooms(): Promise<Outcome>;
  create(room: string, options?: { readonly isPrivate?: boolean }): Promise<Outcome>;
  join(room: string): Promise<Outcome>;
  /** The current room when `room` is null. */
  leave(room: string | null): Promise<Outcome>;
  members(room: string | null): Promise<Outcome>;
  /** What the current room is about. */
  topic(): Promise<Outcome>;
  /** What an admin does in the current room. */
  moderate(act: Moderation): Promise<Outcome>;
  /** Makes a conversation the current one: a room one is in, or a private one. */
  open(conversation: ConversationLabel): Promise<Outcome>;
  /**
   * Asks for an introduction to a person and opens the private conversation with them. `choice` is what is to carry it from
   * now on; as before without one.
   */
  startPrivate(username: string, choice?: CarrierChoice | null): Promise<Outcome>;
  /** Says `line` (with markup) in `conversation`, or in the current one when null. */
  say(conversation: ConversationLabel | null, line: string): Promise<Outcome>;
  /**
   * Tells which conversation the user is looking at, null for none: it is read as it comes, and makes no noise. A face that
   * never calls this has the current conversation read as it comes.
   */
  focus(conversation: ConversationLabel | null): Promise<Outcome>;
  /** What is unread, by conversation. */
  unread(): Promise<Outcome>;
  /** For good when `durationMs` is null. What is muted is stored and shown, but neither notifies nor counts as unread. */
  mute(target: MuteTarget, level: MuteLevel, durationMs: number | null): Promise<Outcome>;
  unmute(target: MuteTarget): Promise<Outcome>;
  mutes(): Promise<Outcome>;
  setDnd(isOn: boolean): Promise<Outcome>;
  /** Chooses what is to carry a conversation, the current one when null; kept across restarts. */
  link(conversation: ConversationLabel | null, choice: CarrierChoice): Promise<Outcome>;
  /** The latest `count` messages of a conversation, of the current one when null: before the message `before`, if given. */
  history(label: ConversationLabel | null, count: number, before?: string | null): Promise<Outcome>;
  /** The latest messages with all of the words; the last may be the beginning of one. */
  search(words: readonly string[]): Promise<Outcome>;
  /** Writes all of a conversation into a file that is not there yet. */
  export(label: ConversationLabel | null, file: string): Promise<Outcome>;
  links(): Promise<Outcome>;
  /** Shows the safety codes of a person's terminals; with `isSame`, says that the user has compared those shown. */
  verify(username: string, isSame: boolean): Promise<Outcome>;
  /** Explains the last refusal, disconnection or promotion. */
  why(): Promise<Outcome>;

  /** Milliseconds to the broker and back, measured now; null while there is no connection. */
  brokerTrip(): Promise<number | null>;
  /** How many of one's own messages wait for somebody; resolves when none is left or `timeoutMs` pass. */
  drained(timeoutMs: number): Promise<number>;
  close(): Promise<void>;
}
