// The port of the event log: what can be appended together, what can be read. It knows no database.
import type { Json } from '../json.js';
import type { Head } from './chain.js';
import type { EventRow, NewEvent, RecordedEvent } from './event.js';

/** A change to a unique name. `name` is folded: equal names are equal strings. */
export type ReservationChange =
  /** Takes the name for good. */
  | { readonly action: 'claim'; readonly kind: string; readonly name: string; readonly owner: string }
  /**
   * Keeps the name for `owner` until a time (milliseconds since the epoch), or with null all names of the kind that the
   * owner has for good; others may claim them afterwards.
   */
  | {
      readonly action: 'hold';
      readonly kind: string;
      readonly name: string | null;
      readonly owner: string;
      readonly until: number;
    }
  /** Gives the name back, or with null all the owner's names of the kind; nothing happens if it is not the owner's. */
  | {
      readonly action: 'release';
      readonly kind: string;
      readonly name: string | null;
      readonly owner: string;
    };

/** Who has a name. */
export interface Reservation {
  readonly owner: string;
  /** Null when claimed for good. */
  readonly until: number | null;
}

/** A secret that is state and never an event; `value` null deletes it. */
export interface SecretChange {
  readonly owner: string;
  readonly value: string | null;
}

/** What a retry of a request gets instead of being done again. */
export interface Receipt {
  /** Whose command ids these are: the device. */
  readonly scope: string;
  readonly commandId: string;
  /** Of the request's content, to notice an id used for something else. */
  readonly digest: string;
  readonly outcome: Json;
}

/** A receipt to be written; its outcome is made from the events as recorded. */
export interface NewReceipt extends Omit<Receipt, 'outcome'> {
  readonly outcome: (events: readonly RecordedEvent[]) => Json;
}

/** All of it is committed, or nothing. */
export interface Append {
  readonly stream: string;
  /** The stream's length on which the events were decided. */
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
  /** Applied in order. */
  readonly reservations: readonly ReservationChange[];
  readonly secrets: readonly SecretChange[];
  readonly receipts: readonly NewReceipt[];
}

export type Appended =
  | { readonly kind: 'appended'; readonly events: readonly RecordedEvent[] }
  /** The stream is not at the expected version. */
  | { readonly kind: 'conflict' }
  /** Another owner has the name. */
  | { readonly kind: 'reserved'; readonly reservation: { readonly kind: string; readonly name: string } }
  /** One of the receipts is there already; asked before anything else. */
  | { readonly kind: 'duplicate'; readonly receipt: Receipt };

/** The log's end with the signature over `headText`; an empty log's signature is empty. */
export interface SignedHead extends Head {
  readonly signature: string;
}

/** Makes the signature that is stored with a head; it must sign `headText(head)`. */
export type SignHead = (head: Head) => string;

/** Which part of the log to read: from a position on, at most `limit` events. */
export interface Slice {
  readonly fromPosition: number;
  readonly limit: number;
}

/** Which part of a stream to read. */
export interface StreamSlice {
  readonly fromVersion: number;
  readonly limit: number;
}

/**
 * Writes reject with `StoreUnavailableError` when nothing could be committed, reads when the database failed. Reads see only
 * what is committed.
 */
export interface EventStore {
  /** Resolves once the outcome is durable. */
  append(append: Append): Promise<Appended>;
  /** The events of a stream from `fromVersion` (1 is the first), in order; the first `limit` of them. */
  readStream(stream: string, slice: StreamSlice): Promise<readonly RecordedEvent[]>;
  /** Events in the order of positions. */
  readAll(slice: Slice): Promise<readonly RecordedEvent[]>;
  /** What of a slice, from its first position on, was appended here a moment ago and is at hand, as it was; often nothing. */
  recent(slice: Slice): readonly RecordedEvent[];
  /** The same slice as stored, for checking the chain and for archives. */
  readRows(slice: Slice): Promise<readonly EventRow[]>;
  head(): Promise<SignedHead>;
  receipt(scope: string, commandId: string): Promise<Receipt | null>;
  /** Who has the name now; null if nobody, or if a hold has run out. */
  reservation(kind: string, name: string): Promise<Reservation | null>;
  secret(owner: string): Promise<string | null>;
  /** Forgets receipts recorded before a time (milliseconds since the epoch); gives their number. */
  pruneReceipts(before: number): Promise<number>;
  /** Calls back after each commit with new events, with the head. Only a wake-up: other writers are not heard. */
  onAppended(listener: (head: Head) => void): () => void;
}
