// The history of one profile as a port: what a terminal stores on disk, and the queries on it. It does not depend on SQL or the
// network.
import type { Subscribable } from '../../core/emitter.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { Hlc } from '../../core/protocol/message/hlc.js';
import type { ConversationId, Message } from '../../core/protocol/message/message.js';
import type { Proof, Sign } from '../../core/protocol/message/proof.js';
import type { DeviceRanges, Range } from '../../core/protocol/backfill/ranges.js';
import type { Mute, NotificationState, ReadMark, StoredDraft } from './reading/read-state.js';
import type { AgeCounts, ClockReadings, Retention } from './retention/age.js';
import type { HistoryEvents } from './events.js';
import type { Reader } from './messages/reader.js';
import type { KeptCheckpoint, StreamPosition, TrackerLog } from './tracker-state.js';
import type { UnhandledEntries } from './unhandled/port.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import type { Person } from '../../core/protocol/signed/statements.js';

/** A message of this device before it gets its number. */
export type UnnumberedMessage = Omit<Message, 'seq'>;

export interface StoredMessage {
  readonly id: string;
  /** Counts the messages of this profile in the order in which they were stored. */
  readonly position: number;
  readonly message: Message;
  /** Null if the message is not signed. */
  readonly proof: Proof | null;
}

/** The sort key of a message in its conversation: the same on every terminal, except for a message from the future. */
export interface SortKey extends Pick<Message, 'device' | 'seq'> {
  /**
   * The timestamp of the message. If this timestamp was in the future when the message arrived: the sort key of the message
   * before it, then `~`, then its own timestamp.
   */
  readonly sort: string;
}

export interface AcceptOptions {
  /** Signs the message. Without a signature no other terminal can relay the message. */
  readonly sign?: Sign;
  /** Whether the timestamp was made without the tracker's time. Such a message is sent only after `settleProvisional`. */
  readonly isProvisional?: boolean;
  /** The hop count of the message, 0 to `HOPS_MAX`; 0 by default. */
  readonly hops?: number;
}

/** A stored message with the time at which to show it. */
export interface DatedMessage extends StoredMessage {
  readonly key: SortKey;
  /** The time of sending by the author's clock, but at most the time of storing here; milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The result of storing a message of another device. `known`: the message is already stored, or was stored and then deleted.
 * `contradicted`: a different message with the same device and number is already stored, and is kept.
 */
export type StoreResult = 'stored' | 'known' | 'contradicted';

/** How many recipients have acknowledged or refused an own message. All other recipients have not answered yet. */
export interface AckCount {
  readonly acked: number;
  readonly refused: number;
  /** The number of recipients, without those that were withdrawn. */
  readonly of: number;
}

/** The delivery progress of a message, with the id and position of the message. */
export interface MessageProgress extends AckCount, Pick<StoredMessage, 'id' | 'position'> {
  readonly conversation: ConversationId;
}

/** The message with a new timestamp, and the accounts that may receive it now. */
export interface RenewedMessage {
  readonly draft: UnnumberedMessage;
  readonly to: readonly AccountId[];
}

/** A message that was sent again with a new timestamp. */
export interface Redated {
  readonly stored: StoredMessage;
  readonly recipients: readonly AccountId[];
  /** The progress of the former message. */
  readonly former: MessageProgress;
}

/** The final answer of one account to one message. */
export type Verdict = 'delivered' | 'refused';

/** One period in which an account was a member of a room. Its limits are versions of the room. */
export interface Membership {
  readonly account: AccountId;
  /** The first version at which the account was a member. */
  readonly joinedVersion: number;
  /** The first version at which the account was no longer a member; null while it is a member. */
  readonly leftVersion: number | null;
  readonly isAdmin: boolean;
  /** Null for a current member. `unseen`: the membership ended at `leftVersion` or later, while this terminal was offline. */
  readonly end: 'left' | 'removed' | 'closed' | 'unseen' | null;
}

/** The state of a room that this terminal has received, with present and past memberships. */
export interface Room {
  readonly conversation: ConversationId;
  readonly name: string;
  readonly version: number;
  readonly topic: string;
  /** Whether joining the room requires an invitation. */
  readonly isPrivate: boolean;
  readonly memberships: readonly Membership[];
}

export interface KnownPerson extends Person {
  /** Whether the tracker has signed that this account has this name. */
  readonly isVouched: boolean;
  /** When the account got this name, as signed by the tracker, milliseconds since the epoch; 0 if unknown. */
  readonly namedAt: number;
}

/** A device, and the account with which it was first introduced by the tracker or reported by another device. */
export interface KnownDevice {
  readonly device: DeviceId;
  readonly account: AccountId;
  /** Whether the tracker introduced the device to this terminal. If not, another device sent its enrolment. */
  readonly isIntroduced: boolean;
  /** Whether the device was in the first introduction of its account. Such a device is not reported to the user as new. */
  readonly wasNamedAtFirst: boolean;
  /** The time of the introduction as signed by the tracker, milliseconds since the epoch; 0 if unknown. */
  readonly introducedAt: number;
  /** The key that signed the introduction, in hexadecimal; empty if unknown. */
  readonly introducedBy: string;
  /** When the user compared the safety code, milliseconds since the epoch; null if never. */
  readonly verifiedAt: number | null;
  /** The tracker's signed statement of the device's account, kept to be forwarded; null if an older tracker sent none. */
  readonly enrolment: Signed | null;
}

/** The carrier that the user chose for a conversation. */
export interface LinkChoice {
  readonly conversation: ConversationId;
  readonly choice: 'auto' | 'tcp' | 'udp' | 'relay';
  /** When the user chose the carrier, milliseconds since the epoch. */
  readonly at: number;
}

/** Everything that the terminal has received and keeps, apart from messages. */
export interface KnownState {
  readonly people: readonly KnownPerson[];
  readonly devices: readonly KnownDevice[];
  readonly rooms: readonly Room[];
  readonly streamPositions: readonly StreamPosition[];
  readonly privates: readonly ConversationId[];
  readonly choices: readonly LinkChoice[];
  /** The tracker's log to which stream positions and room versions refer; null before the tracker has reported one. */
  readonly trackerLog: TrackerLog | null;
  /** The latest first. */
  readonly checkpoints: readonly KeptCheckpoint[];
}

/** New and changed entries. An entry replaces the stored one with the same key. */
export interface KnownStateChange extends Partial<Omit<KnownState, 'rooms' | 'trackerLog'>> {
  readonly trackerLog?: TrackerLog & {
    /** Whether the log replaces another one. The stored versions and members then belong to the former log. */
    readonly isOther: boolean;
  };
  readonly rooms?: readonly {
    readonly room: Room;
    /** The accounts whose memberships changed; only these are written. */
    readonly accounts: readonly AccountId[];
  }[];
  /** Notices to keep for a program until it has handled them, each as JSON text. */
  readonly unhandledNotices?: readonly string[];
}

/** A promise resolves when its result is on disk, and rejects with the database's error. All methods reject after `close`. */
export interface History extends UnhandledEntries<DatedMessage> {
  readonly events: Subscribable<HistoryEvents>;
  /**
   * Numbers a message of this device, stores it and puts it into the outbox for each recipient, in one transaction. Messages
   * that are accepted together are signed together.
   */
  accept(
    draft: UnnumberedMessage,
    recipients: readonly AccountId[],
    options?: AcceptOptions,
  ): Promise<StoredMessage>;
  /** Gives every provisional message of `device` its final timestamp, and signs it. Returns these messages in order. */
  settleProvisional(
    device: DeviceId,
    finalHlc: (provisional: Hlc) => Hlc,
    sign: Sign,
  ): Promise<readonly StoredMessage[]>;
  /**
   * Replaces a queued message by a new one with the same text and a new number, for the accounts that have not received it. The
   * former message is deleted if no account has received or refused it. `renewed` returns the new message, or null to change
   * nothing.
   */
  redate(
    position: number,
    renewed: (former: Message) => RenewedMessage | null,
    sign: Sign,
  ): Promise<Redated | 'not-queued' | 'left'>;
  /** Starts the arrival clock, which measures the age of messages. Call it regularly, because it also stores the readings. */
  settleArrival(readings: ClockReadings): Promise<void>;
  /**
   * Sorts messages dated after `latestMs` by their order of arrival instead of their timestamp, a limited number per transaction.
   * `latestMs` is called again for each transaction.
   */
  placeFutureMessages(latestMs: () => number): Promise<void>;
  /** Counts the messages that `applyRetention` would delete because of their age. */
  ageCounts(maxAgeMs: number): Promise<AgeCounts>;
  /** Stores a message of another device unless it is already stored, and applies `mark` in the same transaction. */
  store(message: Message, mark: ReadMark, proof?: Proof | null): Promise<StoreResult>;
  /** The numbers of all messages of a conversation that were ever stored here. */
  receivedRanges(conversation: ConversationId): Promise<readonly DeviceRanges[]>;
  /** The numbers of the messages that can be relayed to `reader`. */
  relayableRanges(conversation: ConversationId, reader: Reader): Promise<readonly DeviceRanges[]>;
  /** The digests of the messages in a short range of numbers, in order, up to the first message that is not stored. */
  digests(conversation: ConversationId, device: DeviceId, run: Range): Promise<readonly Buffer[]>;
  /** The latest `limit` relayable messages of `wanted`, latest first. Messages withdrawn from the reader are omitted. */
  relayableMessages(
    conversation: ConversationId,
    wanted: readonly DeviceRanges[],
    reader: Reader,
    limit: number,
  ): Promise<readonly StoredMessage[]>;
  /** Null if the message is not stored. */
  sortKeyOf(id: string): Promise<SortKey | null>;
  /** The latest `limit` messages before the sort key `before`, in order. Null gives the latest messages of the conversation. */
  messagesBefore(
    conversation: ConversationId,
    before: SortKey | null,
    limit: number,
  ): Promise<readonly DatedMessage[]>;
  /** The first `limit` messages after the sort key `after`, in order. Null gives the first messages of the conversation. */
  messagesAfter(
    conversation: ConversationId,
    after: SortKey | null,
    limit: number,
  ): Promise<readonly DatedMessage[]>;
  /**
   * The latest `limit` messages that contain all words, in order. The last word may be a prefix. Messages that are not in the
   * index yet are indexed first. This is done in slices, so that other calls are not delayed.
   */
  search(
    words: readonly string[],
    conversations: readonly ConversationId[],
    limit: number,
  ): Promise<readonly DatedMessage[]>;
  /** Deletes messages beyond `retention`, in slices. Keeps messages in the outbox. Deleted messages are never fetched again. */
  applyRetention(retention: Retention): Promise<void>;
  /** The oldest messages of `device` that are queued for `account`, in the order in which they were accepted. */
  pending(device: DeviceId, account: AccountId, limit: number): Promise<readonly StoredMessage[]>;
  /** The number of messages of `device` that are queued for each account. */
  pendingCounts(device: DeviceId): Promise<ReadonlyMap<AccountId, number>>;
  /** The number of messages of `device` that are queued for at least one account. */
  pendingTotal(device: DeviceId): Promise<number>;
  /**
   * Records the answer of an account and removes the message from the queue of this account. Null if the message was not queued.
   */
  recordVerdict(position: number, account: AccountId, verdict: Verdict): Promise<AckCount | null>;
  /** Removes `account` as a recipient of the messages of `conversation` that are queued for it. Returns these messages. */
  withdraw(conversation: ConversationId, account: AccountId): Promise<readonly MessageProgress[]>;
  /**
   * Stops sending all messages of `author` in `conversation` that are still queued. Each recipient that has not answered counts
   * as a refusal. Returns these messages.
   */
  giveUp(conversation: ConversationId, author: AccountId): Promise<readonly MessageProgress[]>;
  /** The delivery progress of a message; null for a message of another device. */
  progress(position: number): Promise<AckCount | null>;
  /** The latest timestamp of all messages; null if there is no message. */
  latestHlc(): Promise<Hlc | null>;

  knownState(): Promise<KnownState>;
  /** Writes the change in one transaction. */
  saveKnownState(change: KnownStateChange): Promise<void>;

  notificationState(): Promise<NotificationState>;
  /** Marks the whole conversation as read; returns its latest timestamp, or null if it has no messages. */
  markRead(conversation: ConversationId): Promise<Hlc | null>;
  /** Stops counting the unread messages of `account`. */
  forgetUnreadOf(account: AccountId): Promise<void>;
  /** Replaces a mute of the same account in the same conversation. */
  mute(mute: Mute): Promise<void>;
  unmute(conversation: ConversationId, account: AccountId | null): Promise<void>;
  setDnd(isOn: boolean): Promise<void>;

  drafts(): Promise<readonly StoredDraft[]>;
  /** Replaces the draft of the same account in the same conversation. An empty text removes it. */
  saveDraft(draft: StoredDraft): Promise<void>;

  close(): Promise<void>;
}
