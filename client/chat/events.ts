// What a chat tells its faces. A face renders these and knows nothing of links, NATS or the tracker.
import type { DeviceId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { PresenceState } from '../../core/protocol/operations.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { MuteLevel } from '../history/port.js';

export type { MuteLevel };

/** How a conversation is written: `#name` for a room, `@name` for a private one, `@name(formerly)` with who had the name before. */
export type ConversationLabel = `#${string}` | `@${string}`;

export type CarrierKind = 'tcp' | 'udp' | 'relay';

/** What a command or a message line comes to. */
export interface Outcome {
  readonly status: number;
  readonly phrase: string;
  /** A sentence a person can act on. */
  readonly message: string;
  readonly data?: Json | undefined;
}

export interface ChatMessage {
  readonly conversation: ConversationLabel;
  readonly from: string;
  readonly id: string;
  /** Without markup and sanitised. */
  readonly text: string;
  readonly spans: readonly Span[];
  /** The carrier it came over; null for what was said at this terminal. */
  readonly link: CarrierKind | null;
  /** When it was said, milliseconds since the epoch. */
  readonly at: number;
}

export interface Delivery {
  readonly id: string;
  readonly conversation: ConversationLabel;
  readonly state: 'queued' | 'sent' | 'delivered';
  /** How many other accounts have it… */
  readonly acked: number;
  /** …of how many. */
  readonly of: number;
}

export interface ChatNotice {
  /** The domain event. */
  readonly type: string;
  /** Null for what concerns the account itself. */
  readonly conversation: ConversationLabel | null;
  readonly username: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** Of `TopicChanged`. */
  readonly topic?: string;
  /** Of `UsernameChanged`: the name before. */
  readonly formerly?: string;
  /** Of `RoomUnattended`: when somebody else will lead too, milliseconds since the epoch. */
  readonly deadline?: number;
  readonly at: number;
}

export interface LinkChange {
  /** The username at the other end. */
  readonly peer: string;
  /** Which of their terminals; absent where it is not known who it was. */
  readonly device?: DeviceId;
  readonly link: CarrierKind;
  readonly state: 'dialing' | 'open' | 'closed';
  readonly reason: string;
}

export interface SessionChange {
  readonly state: 'connecting' | 'guest' | 'online' | 'reconnecting' | 'offline';
  readonly reason: string;
}

/** The terminal was away from its tracker, and is back with all it had missed. */
export interface Return {
  readonly awayMs: number;
  /** Why it was away, as a sentence. */
  readonly reason: string;
  /** How many notices it had missed and has fetched. */
  readonly notices: number;
}

interface NotificationBase {
  /** Null for what concerns the account itself. */
  readonly conversation: ConversationLabel | null;
  /** Who said or did it; null when nobody did. */
  readonly from: string | null;
  /** One line of at most 200 characters, safe to show anywhere. */
  readonly preview: string;
  /** Whether it is worth a bell. */
  readonly isLoud: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A message in a room, one in private, or one of either kind that mentions the user. */
export interface MessageNotification extends NotificationBase {
  readonly kind: 'message' | 'private' | 'mention';
  /** Of the message. */
  readonly id: string;
}

/** What happened to the user (promotion, removal, ban, invitation), or anything else that happened. */
export interface EventNotification extends NotificationBase {
  readonly kind: 'promotion' | 'removal' | 'ban' | 'invitation' | 'event';
  readonly notice: ChatNotice;
}

/** Something that the user is to be told of; nothing that is muted or their own. Comes after its message or notice. */
export type ChatNotification = MessageNotification | EventNotification;

/** What is to be read of one conversation. */
export interface ConversationState {
  /** Stays the same when the label changes: a person may take another name. */
  readonly id: string;
  readonly label: ConversationLabel;
  /** Messages that came since it was open, mentions among them; without those that were muted. */
  readonly unread: number;
  readonly mentions: number;
  /** Null while it is not muted as a whole. */
  readonly muted: MuteLevel | null;
  /** When the latest message read was said, milliseconds since the epoch; null before the first. */
  readonly lastRead: number | null;
}

/** Something about who is who that the user should see before going on. */
export interface Warning {
  /**
   * `LookAlike`: a name that can be taken for another that is known here; `Contradiction`: a terminal that has said two things
   * under one number.
   */
  readonly type: 'NewDevice' | 'DeviceMoved' | 'LookAlike' | 'Contradiction';
  readonly peer: string;
  /** A sentence or two: what it is and what to do. */
  readonly message: string;
  readonly at: number;
}

/** Every event a face can subscribe to, by name. */
export interface ChatEvents {
  /** Somebody else's message, or one's own from another terminal. */
  message: ChatMessage;
  /** One's own message, accepted at this terminal. */
  said: ChatMessage;
  delivery: Delivery;
  notice: ChatNotice;
  link: LinkChange;
  session: SessionChange;
  back: Return;
  notification: ChatNotification;
  warning: Warning;
  /** What is unread in a conversation, or whether it is muted, has changed. */
  unread: ConversationState;
  /** Somebody who is linked has come back to a terminal, or gone from it, or is not to be disturbed. */
  presence: { readonly username: string; readonly state: PresenceState };
  /** Do not disturb was turned on or off. */
  dnd: { readonly isOn: boolean };
}

/** Emits an event to the faces. Does not wait for them. */
export type Tell = <K extends keyof ChatEvents>(name: K, event: ChatEvents[K]) => void;
