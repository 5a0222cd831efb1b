// The results of the chat's actions: the types that faces render. Times are milliseconds since the epoch; text is sanitised.
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { PresenceState, PrivacyChoice } from '../../core/protocol/operations.js';
import type { AckCount } from '../history/port.js';
import type { MuteLevel } from '../history/reading/read-state.js';
import type { CarrierKind, ChatMessage, ChatNotice, ConversationLabel, ConversationState } from './events.js';
import type { Refusal, Success } from './outcome.js';
import type { CarrierChoice } from './peers/carrier-choice.js';

export interface LoggedIn {
  readonly username: string | null;
}

export interface Renamed {
  readonly username: string;
}

export interface ListedDevice {
  /** Its position in the list, from 1. */
  readonly number: number;
  readonly device: DeviceId;
  readonly name: string;
  readonly enrolledAt: number;
  /** Null if it was never online. */
  readonly seenAt: number | null;
  /** Whether it is this terminal. */
  readonly isCurrent: boolean;
  readonly isOnline: boolean;
}

export interface DeviceList {
  readonly devices: readonly ListedDevice[];
}

export interface RevokedDevice {
  readonly name: string;
}

export interface ListedPerson {
  readonly account: AccountId;
  readonly username: string;
  readonly state: PresenceState;
  /** Whether the account is the user's own. */
  readonly isYou: boolean;
  /** Whether the user has compared the safety codes of all known terminals of the person. */
  readonly isVerified: boolean;
  /** The rooms that the user shares with the person. */
  readonly rooms: readonly ConversationLabel[];
  /** The carrier of the open link to the person; null without an open link. */
  readonly carrier: CarrierKind | null;
  readonly isBlocked: boolean;
  /** Present if a program uses one of the account's terminals that are online. */
  readonly isBot?: true;
}

export interface PeopleList {
  readonly people: readonly ListedPerson[];
}

/** The person that was blocked or unblocked, as the user wrote the name. */
export interface BlockedPerson {
  readonly username: string;
}

export interface BlockList {
  readonly blocks: readonly BlockedPerson[];
}

export interface Privacy {
  readonly choice: PrivacyChoice;
}

export interface ListedRoom {
  /** The name without `#`. */
  readonly name: string;
  readonly memberCount: number;
  readonly topic: string;
  readonly isPrivate: boolean;
  readonly isJoined: boolean;
}

export interface RoomList {
  readonly rooms: readonly ListedRoom[];
}

/** Why a member is an admin. */
export interface Leadership {
  /** The domain event that made the member an admin. */
  readonly event: string;
  /** The rule of a succession; null for other events. */
  readonly because: 'left' | 'steppedDown' | 'absent' | 'removed' | 'demoted' | null;
  readonly by: string | null;
  readonly since: number;
}

export interface ListedMember {
  readonly username: string;
  readonly isAdmin: boolean;
  readonly joinedAt: number;
  readonly isOnline: boolean;
  /** Null for an ordinary member. */
  readonly leadership: Leadership | null;
}

/** The members of a room in join order. */
export interface MemberList {
  readonly members: readonly ListedMember[];
  /** The next admin; null if no other member is left. */
  readonly nextLeader: string | null;
}

/** An event of a room's moderation history. */
export interface LoggedModeration extends ChatNotice {
  /** The version of the room after it. */
  readonly version: number;
  /** Its position in the tracker's log. */
  readonly position: number;
  /** Whether its text is not shown to this member, or was redacted. */
  readonly isTextHidden: boolean;
  /** Whether the log that this terminal has verified has exactly this event. */
  readonly isProved: boolean;
}

export interface RoomLog {
  readonly conversation: ConversationLabel;
  /** The latest last. */
  readonly events: readonly LoggedModeration[];
  /** For earlier events, ask for the events before this version; null if no earlier events exist. */
  readonly before: number | null;
}

export interface OpenedConversation {
  readonly conversation: ConversationLabel;
}

/** A refused introduction. The conversation is open all the same: its messages wait for the person. */
export interface Unintroduced extends Refusal {
  readonly conversation: ConversationLabel;
}

export type PrivateOutcome = Success<OpenedConversation> | Unintroduced | Refusal;

export interface LeftRoom {
  readonly conversation: ConversationLabel;
  /** The new admin of the room; null if the room got no new admin because of the leaving. */
  readonly nextLeader: string | null;
}

export interface RoomTopic {
  readonly conversation: ConversationLabel;
  /** Empty if the room has no topic. */
  readonly topic: string;
}

export interface Moderated {
  readonly conversation: ConversationLabel;
  readonly username: string;
}

export interface ChosenCarrier {
  readonly conversation: ConversationLabel;
  readonly choice: CarrierChoice;
  /** The number of people in the conversation whom the choice does not reach now. */
  readonly unreached: number;
}

/** The safety codes of a person's terminals. */
export interface SafetyCodes {
  readonly username: string;
  readonly codes: readonly {
    readonly code: string;
    readonly isLinked: boolean;
    readonly introducedAt: number;
    readonly isVerified: boolean;
  }[];
}

export interface Verification {
  readonly username: string;
  /** False if the codes of a terminal of the person were not compared yet. */
  readonly isVerified: boolean;
}

export interface SentMessage {
  readonly id: string;
}

/** A message from the history. */
export type PastMessage = Omit<ChatMessage, 'link'>;

export interface PageMessage extends PastMessage {
  /** How many recipients have the message and how many refused it; null unless it was sent from this terminal. */
  readonly reach: AckCount | null;
}

/** A page of a conversation, the latest message last. */
export interface HistoryPage {
  readonly messages: readonly PageMessage[];
}

export interface SearchResult {
  readonly messages: readonly PastMessage[];
}

export interface ExportedFile {
  readonly file: string;
  /** The number of messages in the file. */
  readonly count: number;
}

export interface UnreadList {
  readonly conversations: readonly ConversationState[];
}

export interface MutedScope {
  readonly conversation: ConversationLabel;
  /** The muted person in the conversation; null for everybody. */
  readonly username: string | null;
}

export interface ListedMute extends MutedScope {
  readonly level: MuteLevel;
  /** Null for a mute without an end. */
  readonly until: number | null;
}

export interface MuteList {
  readonly mutes: readonly ListedMute[];
}

/** The limits of the history, and the deletion that waits for the user's consent. */
export interface RetentionState {
  /** Null for no limit. */
  readonly keepDays: number | null;
  readonly keepMessages: number | null;
  /** The number of messages that wait for the user's consent. */
  readonly waiting: number;
  /** The number of messages deleted now. */
  readonly deleted: number;
}

export interface DndState {
  readonly isOn: boolean;
}

export interface LinkAttempt {
  readonly at: number;
  readonly carrier: CarrierKind;
  /** The address that was tried. */
  readonly via: string;
  /** Why it failed; null if it succeeded. */
  readonly reason: string | null;
}

export interface ListedLink {
  /** The username at the other end. */
  readonly peer: string;
  readonly device: DeviceId;
  /** Null while there is no link. */
  readonly carrier: CarrierKind | null;
  readonly choice: CarrierChoice;
  readonly isVerified: boolean;
  /** A sentence: why the link is in its state. */
  readonly reason: string;
  /** The last few attempts, the newest last. */
  readonly attempts: readonly LinkAttempt[];
  /** Null until measured. */
  readonly rttMs: number | null;
  /** The share of lost packets, 0 to 1; null if unknown. */
  readonly loss: number | null;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Messages that wait for the person. */
  readonly queued: number;
  /** How long the link has been in its state. */
  readonly ageMs: number;
}

export interface LinkList {
  readonly links: readonly ListedLink[];
}

/** The last refusal, disconnection or promotion. `event` and `at` are null if none of these has happened. */
export interface Explanation {
  readonly event: string | null;
  /** Null if nobody in particular caused it. */
  readonly by: string | null;
  readonly at: number | null;
  readonly reason: string;
  /** Empty if there is nothing to do. */
  readonly remedy: string;
}
