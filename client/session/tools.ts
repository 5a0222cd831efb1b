// The ports that the parts of a session share: time, randomness, ids and the log.
import type { Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { Random } from '../../core/time/backoff.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { TrackerClock } from '../time/tracker-clock.js';

export interface Tools {
  /** The machine's clock. Stored credentials are dated by it, because it also counts while the terminal does not run. */
  readonly clock: Clock;
  /** For durations: a change of the machine's clock does not affect it. */
  readonly steadyClock: Clock;
  /** Corrected by each answer of the tracker. */
  readonly trackerClock: TrackerClock;
  /** Timers that keep the process alive: a session always waits for one of them or for its connection. */
  readonly schedule: Schedule;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
}

/** The delays between attempts to connect or to ask again. Jitter keeps terminals from retrying in step. */
export const RETRY_DELAYS = { firstMs: 100, longestMs: 2_000 } as const;
