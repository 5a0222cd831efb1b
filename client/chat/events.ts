// The events that a chat emits to its faces. A face needs nothing else of links, NATS or the tracker.
import type { DeviceId } from '../../core/ids.js';
import type { PresenceState } from '../../core/protocol/operations.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { MuteLevel } from '../history/reading/read-state.js';

export type { MuteLevel };

/** The label of a conversation: `#name` for a room, `@name` for a private one, `@name(formerly)` with a former owner of the name. */
export type ConversationLabel = `#${string}` | `@${string}`;

export type CarrierKind = 'tcp' | 'udp' | 'relay';

export interface ChatMessage {
  readonly conversation: ConversationLabel;
  readonly from: string;
  readonly id: string;
  /** Sanitised, without markup. */
  readonly text: string;
  readonly spans: readonly Span[];
  /** The carrier that brought it; null if it was written at this terminal. */
  readonly link: CarrierKind | null;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
  /** Present on a bot's message, at least 1: the number of bots that answered one after the other, up to its author. */
  readonly hops?: number;
}

/** The hop count as a message shows it: absent when it is 0. */
export const shownHops = (hops: number): Pick<ChatMessage, 'hops'> => (hops === 0 ? {} : { hops });

/** The reason why a message did not reach somebody. */
export interface DeliveryRefusal {
  /** The person whose terminal refused the message; null if this terminal stopped sending it. */
  readonly by: string | null;
  readonly phrase: string;
  /** One line, sanitised. */
  readonly reason: string;
}

export interface Delivery {
  readonly id: string;
  readonly conversation: ConversationLabel;
  /**
   * `delivered` and `refused` are final: no recipient is left to wait for. `delivered`: all have the message. `refused`: at least
   * one refused it.
   */
  readonly state: 'queued' | 'sent' | 'delivered' | 'refused';
  /** Number of other accounts that have the message. */
  readonly acked: number;
  /** Number of other accounts that the message is for. */
  readonly of: number;
  /** Number of other accounts that refused the message permanently. */
  readonly refused: number;
  /** The refusal that this event reports; null if it reports none. */
  readonly refusal: DeliveryRefusal | null;
}

export interface ChatNotice {
  /** The domain event. */
  readonly type: string;
  /** Null for a notice about the account itself. */
  readonly conversation: ConversationLabel | null;
  readonly username: string;
  /** Null if a rule or the operator of the tracker caused it. */
  readonly by: string | null;
  /** Present if the operator of the tracker caused it. */
  readonly isByOperator?: true;
  readonly reason: string | null;
  /** In `TopicChanged` only. */
  readonly topic?: string;
  /** In `UsernameChanged` only: the previous name. */
  readonly formerly?: string;
  /** In `RoomUnattended` only: when another member becomes an admin, milliseconds since the epoch. */
  readonly deadline?: number;
  readonly at: number;
}

export interface LinkChange {
  /** The username at the other end. */
  readonly peer: string;
  /** The device at the other end; absent if unknown. */
  readonly device?: DeviceId;
  readonly link: CarrierKind;
  readonly state: 'dialing' | 'open' | 'closed';
  readonly reason: string;
}

export interface SessionChange {
  readonly state: 'connecting' | 'guest' | 'online' | 'reconnecting' | 'offline';
  readonly reason: string;
}

/** The end of an outage: the terminal is back at its tracker and has fetched what it missed. */
export interface Return {
  readonly awayMs: number;
  /** The cause of the outage, as a sentence. */
  readonly reason: string;
  /** Number of missed notices that were fetched. */
  readonly notices: number;
}

interface NotificationBase {
  /** Null for a notice about the account itself. */
  readonly conversation: ConversationLabel | null;
  /** The author of the message or the actor of the notice; null if a notice has no actor. */
  readonly from: string | null;
  /** One line of at most 200 characters, safe to show anywhere. */
  readonly preview: string;
  /** Whether the bell rings. */
  readonly isLoud: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** About a message in a room, a private message, or a message of either kind that mentions the user. */
export interface MessageNotification extends NotificationBase {
  readonly kind: 'message' | 'private' | 'mention';
  /** The id of the message. */
  readonly id: string;
}

/** About a notice: one about the user (promotion, removal, ban, invitation) or any other. */
export interface EventNotification extends NotificationBase {
  readonly kind: 'promotion' | 'removal' | 'ban' | 'invitation' | 'event';
  readonly notice: ChatNotice;
}

/** Sent after the message or notice that it announces. Muted ones and the user's own are not announced. */
export type ChatNotification = MessageNotification | EventNotification;

/** The unread counts of one conversation. */
export interface ConversationState {
  /** Stays the same when the label changes because a person was renamed. */
  readonly id: string;
  readonly label: ConversationLabel;
  /** Messages that arrived since it was last read, including mentions and excluding muted ones. */
  readonly unread: number;
  readonly mentions: number;
  /** Null unless the whole conversation is muted. */
  readonly muted: MuteLevel | null;
  /** When the latest read message was written, milliseconds since the epoch; null before the first. */
  readonly lastRead: number | null;
}

/** A doubt about somebody's identity or about a clock, or a question, which the user should see before going on. */
export interface Warning {
  /**
   * `LookAlike`: a name that looks like another known name. `Contradiction`: a terminal that sent two messages under one
   * number. `Forgery`: a terminal that sent or passed on a message that its author did not sign. `Retention`: a deletion that
   * waits for the user's consent. `ClockDiffers`: a clock that is wrong. `CarrierConflict`: different carriers were chosen for
   * two conversations with one person. `BrokenHistory`: the tracker changed its history, lost a part of it, or showed two.
   * `MendedHistory`: it shows the known history again. `UnprovenHistory`: it gives no usable proof of its history.
   */
  readonly type:
    | 'NewDevice'
    | 'DeviceMoved'
    | 'LookAlike'
    | 'Contradiction'
    | 'Forgery'
    | 'Retention'
    | 'ClockDiffers'
    | 'CarrierConflict'
    | 'BrokenHistory'
    | 'MendedHistory'
    | 'UnprovenHistory';
  /** The person that the event concerns; null if it concerns no person. */
  readonly peer: string | null;
  /** One or two sentences: the problem and what to do. */
  readonly message: string;
  readonly at: number;
}

/** Every event that a face can subscribe to, by name. */
export interface ChatEvents {
  /** A message of another person, or of the user from another terminal. */
  message: ChatMessage;
  /** A message of the user, accepted at this terminal. */
  said: ChatMessage;
  delivery: Delivery;
  notice: ChatNotice;
  link: LinkChange;
  session: SessionChange;
  back: Return;
  notification: ChatNotification;
  warning: Warning;
  /** The unread counts or the mute of a conversation changed. */
  unread: ConversationState;
  /** The state of a linked person changed. `offline`: no link brings anything from this person any more. */
  presence: { readonly username: string; readonly state: PresenceState | 'offline' };
  /** Do not disturb was turned on or off. */
  dnd: { readonly isOn: boolean };
}

/** Emits an event to the faces. Does not wait for them. */
export type Tell = <K extends keyof ChatEvents>(name: K, event: ChatEvents[K]) => void;
