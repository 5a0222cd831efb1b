// The state of the tracker that a terminal keeps: its position in each stream, and the checkpoints that it has verified.
import type { Signed } from '../../core/protocol/signed/signed.js';

/** The version up to which this terminal has received the notices of a stream. */
export interface StreamPosition {
  readonly stream: string;
  readonly version: number;
}

/** A log of the tracker. */
export interface TrackerLog {
  readonly identity: string;
  /** When the log got this identity, in milliseconds since the epoch; 0 if that is unknown. */
  readonly since: number;
}

/** A fault of the tracker's log: it was rewritten or rolled back, or the tracker showed two histories. */
export interface HistoryFault {
  readonly kind: 'rewritten' | 'rolledBack' | 'forked';
  /** When it was found, milliseconds since the epoch. */
  readonly at: number;
  /** The folder of the evidence; null if it could not be stored. */
  readonly evidence: string | null;
}

/** The newest checkpoint of one log of the tracker that this terminal has verified. */
export interface KeptCheckpoint {
  /** The name of the log. */
  readonly origin: string;
  /** The signed note. */
  readonly note: string;
  /** The tracker's statement of the log, for other terminals. */
  readonly log: Signed;
  /** Null if the log continues the history that this terminal knows. */
  readonly fault: HistoryFault | null;
  /** When it was stored, milliseconds since the epoch. */
  readonly at: number;
}
