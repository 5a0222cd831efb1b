// The indexing of words while nothing is stored, so that a search finds few messages that are not in the index. It contains no
// queries.
import type { Schedule } from '../../../core/time/clock.js';

/** The indexing starts when nothing was stored for this long. */
const QUIET_MS = 2_000;
/** After this many stored messages the indexing no longer waits for quiet. */
const MAX_POSTPONING_MESSAGES = 5_000;
/** The pause between two slices. It leaves most of the time to other work. */
const PAUSE_MS = 50;

export interface IdleIndexing {
  /** Notes that this many messages were stored. */
  stored(count: number): void;
  close(): void;
}

interface IdleIndexingParts {
  readonly schedule: Schedule;
  /** Indexes one slice. Resolves with whether it found messages that were not in the index. */
  readonly indexSlice: () => Promise<boolean>;
  /** Receives the failure of a slice. The indexing is tried again after the next stored message. */
  readonly onError: (error: unknown) => void;
}

/** Begins with the messages that are in the history but not in the index. */
export function createIdleIndexing({ schedule, indexSlice, onError }: IdleIndexingParts): IdleIndexing {
  let cancel = nothing;
  let isRunning = false;
  let isClosed = false;
  /** The number of messages stored since the last slice. */
  let waiting = 0;

  function runAfter(delayMs: number): void {
    cancel();
    cancel = schedule(delayMs, () => {
      run().catch((error: unknown) => {
        isRunning = false;
        if (!isClosed) onError(error);
      });
    });
  }

  async function run(): Promise<void> {
    isRunning = true;
    waiting = 0;
    const hadMore = await indexSlice();
    isRunning = false;
    if (isClosed) return;
    if (hadMore) runAfter(PAUSE_MS);
    else if (waiting > 0) runAfter(QUIET_MS);
  }

  runAfter(QUIET_MS);
  return {
    stored(count) {
      waiting += count;
      if (!isRunning && !isClosed && waiting <= MAX_POSTPONING_MESSAGES) runAfter(QUIET_MS);
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}

const nothing = (): void => undefined;
