// What faces and slash commands can do with a chat, whatever it is made of.
import type Emittery from 'emittery';
import type { ChatEvents, ConversationLabel, Outcome, SessionChange } from './events.js';

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

  people(): Promise<Outcome>;
  rooms(): Promise<Outcome>;
  create(room: string): Promise<Outcome>;
  join(room: string): Promise<Outcome>;
  /** The current room when `room` is null. */
  leave(room: string | null): Promise<Outcome>;
  members(room: string | null): Promise<Outcome>;
  /** Makes a conversation the current one: a room one is in, or a private one. */
  open(conversation: ConversationLabel): Promise<Outcome>;
  /** Asks for an introduction to a person and opens the private conversation with them. */
  startPrivate(username: string): Promise<Outcome>;
  /** Says `line` (with markup) in `conversation`, or in the current one when null. */
  say(conversation: ConversationLabel | null, line: string): Promise<Outcome>;
  links(): Promise<Outcome>;
  /** Explains the last refusal, disconnection or promotion. */
  why(): Promise<Outcome>;

  /** How many of one's own messages wait for somebody; resolves when none is left or `timeoutMs` pass. */
  drained(timeoutMs: number): Promise<number>;
  close(): Promise<void>;
}
