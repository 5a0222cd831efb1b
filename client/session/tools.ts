// The ports that the parts of a session share: time, randomness, ids and the log.
import type { Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { Random } from '../../core/time/backoff.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { TrackerClock } from '../time/tracker-clock.js';

export interface Tools {
  /** The machine's clock. It dates stored credentials, because it also counts while the program does not run. */
  readonly clock: Clock;
  /** A clock for durations, which a change of the machine's clock does not affect. */
  readonly steadyClock: Clock;
  /** The tracker's clock, which each answer of the tracker corrects. */
  readonly trackerClock: TrackerClock;
  /** Creates timers that keep the process alive: an open session always waits for a timer or for its connection. */
  readonly schedule: Schedule;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
}

/** The delays between attempts to connect or to ask again. Jitter keeps terminals from retrying in step. */
export const RETRY_DELAYS = { firstMs: 100, longestMs: 2_000 } as const;
