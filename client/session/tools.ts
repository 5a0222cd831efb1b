// What the parts of a session share: time, chance, ids and the log, all of them from outside.
import type { Clock } from '../../core/time/clock.js';
import type { Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { Random } from './connection/backoff.js';
import type { Timers } from './timers.js';

export interface Tools {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
}
