// The types of the JSON objects that programs get: events and the data of replies. They are a public contract, for the JSON face and
// the library alike: fields keep their names, shapes and meaning, and new fields may be added.

/** The label of a conversation: `#name` for a room, `@name` for a private one. */
export type ConversationLabel = `#${string}` | `@${string}`;

/** The connection that carries a link. */
export type CarrierKind = 'tcp' | 'udp' | 'relay';

/** A formatted part of a text. Offsets are in UTF-16 units; `end` is exclusive. */
export type SpanObject =
  | { readonly style: 'bold' | 'italic'; readonly start: number; readonly end: number }
  | { readonly style: 'hyperlink'; readonly start: number; readonly end: number; readonly url: string };

/** The mark of a bot's message. A person's message has neither field. */
export type BotMark = {
  readonly bot?: true;
  /** The number of bots that answered one after the other, up to the author: at least 1. */
  readonly hops?: number;
};

/** A message from the history. */
export type PastMessageObject = BotMark & {
  readonly conversation: ConversationLabel;
  /** The username of the author. */
  readonly from: string;
  /** 22 characters, the same at every terminal. */
  readonly id: string;
  /** Without markup and without control characters. */
  readonly text: string;
  readonly spans: readonly SpanObject[];
  /** When it was written, ISO 8601 in UTC. */
  readonly at: string;
};

/** A message that arrived. */
export type MessageObject = PastMessageObject & {
  readonly event: 'message';
  /** The carrier that brought it; null if it was written at this terminal. */
  readonly link: CarrierKind | null;
};

/** An event of a room or of the user's own account. */
export type NoticeObject = {
  readonly event: 'notice';
  /** The domain event, such as `MemberJoined` or `TopicChanged`. docs/reference/json.md lists all types. */
  readonly type: string;
  /** Null for an event of an account. */
  readonly conversation: ConversationLabel | null;
  /** The person whom the event is about. */
  readonly username: string;
  /** The person who caused it; null if a rule or the operator of the tracker did. */
  readonly by: string | null;
  /** Present if the operator of the tracker caused it. */
  readonly operator?: true;
  readonly reason: string | null;
  /** In `TopicChanged` only. */
  readonly topic?: string;
  /** In `UsernameChanged` only: the previous name. */
  readonly formerly?: string;
  /** In `RoomUnattended` only: when another member becomes an admin, ISO 8601 in UTC. */
  readonly deadline?: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
};

/** The progress of an own message. `delivered` and `refused` are final. */
export type DeliveryObject = {
  readonly event: 'delivery';
  readonly id: string;
  readonly conversation: ConversationLabel;
  readonly state: 'queued' | 'sent' | 'delivered' | 'refused';
  /** The number of other accounts that have the message. */
  readonly acked: number;
  /** The number of other accounts that the message is for. */
  readonly of: number;
  /** The number of other accounts that refused the message. */
  readonly refused: number;
  /** The person whose terminal refused the message; only in an event that reports a refusal. */
  readonly by?: string | null;
  readonly phrase?: string;
  readonly reason?: string;
};

/** The state of the link to a terminal of a person. */
export type LinkObject = {
  readonly event: 'link';
  readonly peer: string;
  readonly link: CarrierKind;
  readonly state: 'dialing' | 'open' | 'closed';
  readonly reason: string;
};

/** The state of the connection to the tracker. */
export type SessionObject = {
  readonly event: 'session';
  readonly state: 'connecting' | 'guest' | 'online' | 'reconnecting' | 'offline';
  readonly reason: string;
};

/** The state of a linked person changed. */
export type PresenceObject = {
  readonly event: 'presence';
  readonly username: string;
  readonly state: 'online' | 'away' | 'dnd' | 'offline';
};

/** A problem that somebody should examine, such as a forged message or a wrong clock. */
export type WarningObject = {
  readonly event: 'warning';
  /** docs/reference/json.md lists all types. */
  readonly type: string;
  readonly peer: string | null;
  readonly message: string;
  readonly at: string;
};

/** The terminal is back at its tracker and has fetched what it missed. */
export type BackObject = {
  readonly event: 'back';
  readonly awayMs: number;
  readonly reason: string;
  /** The number of missed notices that were fetched. */
  readonly notices: number;
};

/** A room in the list of rooms. */
export type RoomObject = {
  /** Without `#`. */
  readonly name: string;
  /** The number of members. */
  readonly members: number;
  readonly topic: string;
  readonly private: boolean;
  readonly joined: boolean;
};

/** A member of a room. */
export type MemberObject = {
  readonly admin: boolean;
  readonly online: boolean;
  readonly username: string;
  /** ISO 8601 in UTC. */
  readonly joined: string;
  /** Why the member is an admin; null for an ordinary member. */
  readonly leads: {
    readonly event: string;
    readonly because: 'left' | 'steppedDown' | 'absent' | 'removed' | 'demoted' | null;
    readonly by: string | null;
    readonly since: string;
  } | null;
};

/** A person who is online. */
export type PersonObject = {
  readonly username: string;
  readonly state: 'online' | 'away' | 'dnd';
  /** Whether the person is the user. */
  readonly you: boolean;
  readonly verified: boolean;
  /** The shared rooms. */
  readonly rooms: readonly ConversationLabel[];
  /** The carrier of the open link; null if no link is open. */
  readonly link: CarrierKind | null;
  readonly blocked: boolean;
  /** Present if a program uses one of the person's terminals that are online. */
  readonly bot?: true;
};

/** A mute. `user` is null for a whole conversation, `until` is null for a mute without an end. */
export type MuteObject = {
  readonly conversation: ConversationLabel;
  readonly user: string | null;
  readonly level: 'all' | 'mentions';
  readonly until: string | null;
};

/** A stored message; `acked`, `of` and `refused` count recipients and come with own messages only. */
export type PageMessageObject = PastMessageObject & {
  readonly acked?: number;
  readonly of?: number;
  readonly refused?: number;
};
