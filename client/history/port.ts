// What a terminal keeps on its disk, and what may be asked of it. Knows neither SQL nor the network.
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { Hlc } from '../../core/protocol/message/hlc.js';
import type { ConversationId, Message } from '../../core/protocol/message/message.js';
import type { Proof, Sign } from '../../core/protocol/message/proof.js';
import type { DeviceRuns, Run } from '../../core/protocol/backfill/ranges.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import type { Person } from '../../core/protocol/signed/statements.js';

/** One's own message before it has its number. */
export type Draft = Omit<Message, 'seq'>;

export interface StoredMessage {
  readonly id: string;
  /** Its place in the history of this profile: the later it came here, the higher. */
  readonly position: number;
  readonly message: Message;
  /** Null where nobody has signed it. */
  readonly proof: Proof | null;
}

/** Where a message stands in its conversation, the same for all. */
export type Place = Pick<Message, 'hlc' | 'device' | 'seq'>;

/** A message as it is read again. */
export interface ReadAgain extends Pick<StoredMessage, 'id' | 'position'> {
  readonly message: Message;
  /** When it was said, but not after it came here; milliseconds since the epoch. */
  readonly at: number;
}

/** What is kept; null without a limit. */
export interface Retention {
  /** From when it came here. */
  readonly maxAgeMs: number | null;
  /** Of each conversation. */
  readonly maxMessages: number | null;
}

/**
 * What became of another's message: `known` was there, or has been; `contradicted`, another one of the same device and number is
 * there, and stays.
 */
export type Stored = 'stored' | 'known' | 'contradicted';

/** How far one of one's own messages has come. */
export interface Reach {
  /** How many accounts have it… */
  readonly acked: number;
  /** …of how many that are to have it and have not gone since. */
  readonly of: number;
}

/** The same, and which message that is. */
export interface Progress extends Reach, Pick<StoredMessage, 'id' | 'position'> {
  readonly conversation: ConversationId;
}

/** What one account said to one message, for good. */
export type Verdict = 'delivered' | 'refused';

/** A stay of an account in a room, in versions of the room. */
export interface Membership {
  readonly account: AccountId;
  /** The first version at which it was a member. */
  readonly joinedVersion: number;
  /** The first version at which it no longer was; null while it is. */
  readonly leftVersion: number | null;
  readonly isAdmin: boolean;
  /** `unseen`: it ended while this terminal was away, at this version or later. Null while it lasts. */
  readonly end: 'left' | 'removed' | 'closed' | 'unseen' | null;
}

/** A room as this terminal knows it: all stays it knows of, past ones too. */
export interface Room {
  readonly conversation: ConversationId;
  readonly name: string;
  readonly version: number;
  readonly topic: string;
  /** Whether one comes in by invitation only. */
  readonly isPrivate: boolean;
  readonly memberships: readonly Membership[];
}

export interface KnownPerson extends Person {
  /** Whether the tracker has signed that this account has this name. */
  readonly isVouched: boolean;
  /** Since when, as the tracker has signed it; 0 where that is not known. */
  readonly namedAt: number;
}

/** A device and the account it was first introduced under, or shown as one of. */
export interface KnownDevice {
  readonly device: DeviceId;
  readonly account: AccountId;
  /** Whether the tracker has introduced it to this terminal; if not, somebody has shown its enrolment. */
  readonly isIntroduced: boolean;
  /** Whether the tracker named it when it first introduced the account here: it is no news when it comes. */
  readonly wasNamedAtFirst: boolean;
  /** When, as the tracker has signed it, milliseconds since the epoch; 0 where that was not kept. */
  readonly introducedAt: number;
  /** The key that signed the introduction, in hexadecimal; empty where that was not kept. */
  readonly introducedBy: string;
  /** When the user compared its safety code, milliseconds since the epoch; null before. */
  readonly verifiedAt: number | null;
  /** The tracker's word for whose it is, to be passed on; null where an older tracker gave none. */
  readonly enrolment: Signed | null;
}

/** What the user chose to carry a conversation. */
export interface LinkChoice {
  readonly conversation: ConversationId;
  readonly choice: 'auto' | 'tcp' | 'udp' | 'relay';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How far this terminal has been told of a stream. */
export interface Told {
  readonly stream: string;
  readonly version: number;
}

/** What the terminal knows beside messages. */
export interface Facts {
  readonly people: readonly KnownPerson[];
  readonly devices: readonly KnownDevice[];
  readonly rooms: readonly Room[];
  readonly told: readonly Told[];
  readonly privates: readonly ConversationId[];
  readonly choices: readonly LinkChoice[];
}

/** Facts that are new or have changed; those with the same key are replaced. */
export interface FactsChange extends Partial<Omit<Facts, 'rooms'>> {
  readonly rooms?: readonly {
    readonly room: Room;
    /** Whose memberships have changed; only those are written. */
    readonly accounts: readonly AccountId[];
  }[];
}

/** What storing a message means to who reads here: it counts until it is read, was seen as it came, or is neither. */
export type Mark = 'unread' | 'mention' | 'read' | 'none';

/** What is to be read of a conversation. */
export interface Reading {
  readonly conversation: ConversationId;
  /** Messages that count, mentions among them. */
  readonly unread: number;
  readonly mentions: number;
  /** The latest timestamp that was read; null before anything was. */
  readonly lastRead: Hlc | null;
}

/** `all` lets nothing through, `mentions` only those. */
export type MuteLevel = 'all' | 'mentions';

export interface Mute {
  readonly conversation: ConversationId;
  /** Whom it concerns in the conversation; null for everybody. */
  readonly account: AccountId | null;
  readonly level: MuteLevel;
  /** Milliseconds since the epoch; null for good. */
  readonly until: number | null;
}

/** What the user of this profile attends to. */
export interface Attention {
  readonly readings: readonly Reading[];
  readonly mutes: readonly Mute[];
  readonly isDnd: boolean;
}

/** The history of one profile. Whatever resolves is on the disk; all rejects with the database's error when it fails. */
export interface History {
  /**
   * Numbers one's own message, stores it and puts it into the outbox for each of `recipients`: all or nothing. What one turn
   * accepts is signed together; without `sign` nobody else can pass it on.
   */
  accept(draft: Draft, recipients: readonly AccountId[], sign?: Sign): Promise<StoredMessage>;
  /** Stores another's message, exactly once by its id, and marks it in the same transaction. */
  store(message: Message, mark: Mark, proof?: Proof | null): Promise<Stored>;
  /** Which messages of a conversation this terminal has or has had. */
  held(conversation: ConversationId): Promise<readonly DeviceRuns[]>;
  /** Which of them it can pass on, of those that were written at version `fromRoster` of the room or later. */
  offered(conversation: ConversationId, fromRoster: number): Promise<readonly DeviceRuns[]>;
  /** The digests of the messages of a run, a few, in order, up to the first that is not here. */
  digests(conversation: ConversationId, device: DeviceId, run: Run): Promise<readonly Buffer[]>;
  /** Those of `wanted` that it can pass on, at most `limit`, the latest first; without what was withdrawn from `to`. */
  pick(
    conversation: ConversationId,
    wanted: readonly DeviceRuns[],
    fromRoster: number,
    limit: number,
    to?: AccountId,
  ): Promise<readonly StoredMessage[]>;
  /** Where a message stands; null when it is not kept here. */
  placeOf(id: string): Promise<Place | null>;
  /** The latest `limit` messages of a conversation before a place in it, in order. */
  earlier(conversation: ConversationId, before: Place | null, limit: number): Promise<readonly ReadAgain[]>;
  /** The first `limit` messages after a place, in order. */
  later(conversation: ConversationId, after: Place | null, limit: number): Promise<readonly ReadAgain[]>;
  /**
   * The latest `limit` messages with all of the words, in order; the last may be the beginning of a word. What the index lacks
   * is taken into it first, in slices between which everything else goes on.
   */
  search(
    words: readonly string[],
    conversations: readonly ConversationId[],
    limit: number,
  ): Promise<readonly ReadAgain[]>;
  /** Deletes what is not to be kept, in slices; what still waits for somebody stays. They are not fetched again. */
  retain(retention: Retention): Promise<void>;
  /** The oldest messages of `device` that wait for `account`, in the order they were accepted. */
  pending(device: DeviceId, account: AccountId, limit: number): Promise<readonly StoredMessage[]>;
  /** How many messages of `device` wait for each account. */
  pendingCounts(device: DeviceId): Promise<ReadonlyMap<AccountId, number>>;
  /** How many messages of `device` wait for anybody. */
  waiting(device: DeviceId): Promise<number>;
  /** What became of a message at one account; null if it was not waiting for it. */
  settle(position: number, account: AccountId, verdict: Verdict): Promise<Reach | null>;
  /** `account` is no recipient any more of what waits for it in `conversation`; the messages this changes. */
  withdraw(conversation: ConversationId, account: AccountId): Promise<readonly Progress[]>;
  /** Null for a message that never was in the outbox. */
  progress(position: number): Promise<Reach | null>;
  /** The latest timestamp of any message; null without one. */
  latestHlc(): Promise<Hlc | null>;

  facts(): Promise<Facts>;
  /** Writes the change as one transaction. */
  keep(change: FactsChange): Promise<void>;

  attention(): Promise<Attention>;
  /** Nothing of the conversation is unread any more; gives its latest timestamp, null if nothing was said in it. */
  read(conversation: ConversationId): Promise<Hlc | null>;
  /** Replaces a mute of the same account in the same conversation. */
  mute(mute: Mute): Promise<void>;
  unmute(conversation: ConversationId, account: AccountId | null): Promise<void>;
  setDnd(isOn: boolean): Promise<void>;

  close(): Promise<void>;
}
