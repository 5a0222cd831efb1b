// What a chat tells its faces. A face renders these and knows nothing of links, NATS or the tracker.
import type { Json } from '../../core/json.js';
import type { Span } from '../../core/protocol/spans.js';

/** How a conversation is written: `#name` for a room, `@name` for a private one. */
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
  readonly link: CarrierKind;
  readonly state: 'dialing' | 'open' | 'closed';
  readonly reason: string;
}

export interface SessionChange {
  readonly state: 'connecting' | 'guest' | 'online' | 'reconnecting' | 'offline';
  readonly reason: string;
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
}
