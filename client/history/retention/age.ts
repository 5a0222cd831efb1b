// The age of messages: the limits that the user sets, and what is counted against them.

/** The times of both clocks at one moment, milliseconds since the epoch. */
export interface ClockReadings {
  readonly machineMs: number;
  readonly trackerMs: number;
}

/** The number of messages that may be deleted, and how many of these are older than the limit. */
export interface AgeCounts {
  readonly stored: number;
  readonly expired: number;
}

/** The limits of the history; null means no limit. */
export interface Retention {
  /** The age, counted from when the message arrived here. */
  readonly maxAgeMs: number | null;
  /** The number of messages in each conversation. */
  readonly maxMessages: number | null;
}
