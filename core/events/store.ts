// The port of the event log: its appends and reads. It does not depend on a database.
import type { Json } from '../json.js';
import type { Head } from './chain.js';
import type { EventRow, LoggedEvent, NewEvent, RecordedEvent } from './event.js';

/** A change to a unique name. `name` is folded: equal names are equal strings. */
export type ReservationChange =
  /** Claims the name permanently. */
  | { readonly action: 'claim'; readonly kind: string; readonly name: string; readonly owner: string }
  /**
   * Keeps the name for `owner` until a time (milliseconds since the epoch); others may claim it afterwards. A null name means all
   * names of the kind that the owner holds and that never expire.
   */
  | {
      readonly action: 'hold';
      readonly kind: string;
      readonly name: string | null;
      readonly owner: string;
      readonly until: number;
    }
  /** Releases the name; null means all the owner's names of the kind. Does nothing if another owner has the name. */
  | {
      readonly action: 'release';
      readonly kind: string;
      readonly name: string | null;
      readonly owner: string;
    };

/** The owner of a name. */
export interface Reservation {
  readonly owner: string;
  /** Null if the claim never expires. */
  readonly until: number | null;
}

/** A secret, which is stored as state and never as an event. A null `value` deletes it. */
export interface SecretChange {
  readonly owner: string;
  readonly value: string | null;
}

/** The stored outcome of a request. A retry gets it and is not executed again. */
export interface Receipt {
  /** The device that chose the command id. */
  readonly scope: string;
  readonly commandId: string;
  /** The digest of the request's content, to detect an id that is reused for other content. */
  readonly digest: string;
  readonly outcome: Json;
}

/** A receipt to be written. Its outcome is computed from the recorded events. */
export interface NewReceipt extends Omit<Receipt, 'outcome'> {
  readonly outcome: (events: readonly RecordedEvent[]) => Json;
}

/** Either everything is committed or nothing. */
export interface Append {
  readonly stream: string;
  /** The length of the stream on which the events were decided. */
  readonly expectedVersion: number;
  /** The last change of a quarantine in the stream at which the events were decided; see `EventStore.quarantineChange`. */
  readonly expectedQuarantineChange: number;
  readonly events: readonly NewEvent[];
  /** The changes of unique names, applied in order. */
  readonly reservations: readonly ReservationChange[];
  readonly secrets: readonly SecretChange[];
  readonly receipts: readonly NewReceipt[];
}

export type Appended =
  | { readonly kind: 'appended'; readonly events: readonly RecordedEvent[] }
  /** The stream does not have the expected version, or the quarantine of one of its events changed. */
  | { readonly kind: 'conflict' }
  /** Another owner has the name. */
  | { readonly kind: 'reserved'; readonly reservation: { readonly kind: string; readonly name: string } }
  /** One of the receipts is already stored. This is checked before anything else. */
  | { readonly kind: 'duplicate'; readonly receipt: Receipt };

/** The end of the log with the signature over `headText`. The signature of an empty log is empty. */
export interface SignedHead extends Head {
  readonly signature: string;
}

/** Returns the signature to store with a head; it must sign `headText(head)`. */
export type SignHead = (head: Head) => string;

/** The part of the log to read: at most `limit` events from a position on. */
export interface Slice {
  readonly fromPosition: number;
  readonly limit: number;
}

/** The part of a stream to read. */
export interface StreamSlice {
  readonly fromVersion: number;
  readonly limit: number;
}

/**
 * All methods reject with `StoreUnavailableError`: writes if nothing could be committed, reads if the database failed. Reads
 * return committed data only.
 */
export interface EventStore {
  /** Resolves when the outcome is durable. */
  append(append: Append): Promise<Appended>;
  /** Returns the first `limit` events of a stream from `fromVersion` (1 is the first), in order. */
  readStream(stream: string, slice: StreamSlice): Promise<readonly LoggedEvent[]>;
  /** Events in the order of positions. */
  readAll(slice: Slice): Promise<readonly LoggedEvent[]>;
  /**
   * The position of the last event that quarantined or released an event of the stream; 0 if no event did. A state that was read
   * before this change is void.
   */
  quarantineChange(stream: string): Promise<number>;
  /**
   * Returns the events of a slice that are in memory because they were appended recently. Empty if the first event of the slice
   * is not in memory. None of them is quarantined, because this process can read the events that it wrote.
   */
  recent(slice: Slice): readonly RecordedEvent[];
  /** Returns the events of a slice as the stored rows, for checking the chain and for archives. */
  readRows(slice: Slice): Promise<readonly EventRow[]>;
  /** The stream and version of the event at a position, whether or not the event can be read; null if the position has no event. */
  placeOf(position: number): Promise<{ readonly stream: string; readonly version: number } | null>;
  /** The position of an event of a stream, whether or not the event can be read; null if the stream is shorter. */
  positionOf(stream: string, version: number): Promise<number | null>;
  head(): Promise<SignedHead>;
  receipt(scope: string, commandId: string): Promise<Receipt | null>;
  /** Returns the current owner of the name; null if nobody owns it or the hold has expired. */
  reservation(kind: string, name: string): Promise<Reservation | null>;
  secret(owner: string): Promise<string | null>;
  /** Deletes receipts recorded before a time (milliseconds since the epoch) and returns their number. */
  pruneReceipts(before: number): Promise<number>;
  /**
   * Calls the listener with the head after each commit of new events. Appends of other processes are not reported, so
   * it is only a wake-up.
   */
  onAppended(listener: (head: Head) => void): () => void;
}
