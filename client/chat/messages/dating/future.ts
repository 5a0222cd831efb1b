// The judgement whether a message is dated in the future by the tracker's clock. Refuses no message itself.
import type { Answer } from '../../../../core/protocol/envelope.js';
import { type Hlc, MAX_LEAD_MS, millisecondsOf } from '../../../../core/protocol/message/hlc.js';
import { statusOf } from '../../../../core/protocol/status.js';
import type { Clock } from '../../../../core/time/clock.js';
import { utcTime } from '../../../../core/time/utc-time.js';
import type { TrackerClock } from '../../../time/tracker-clock.js';
import type { TrackerSync } from '../../rooms/tracker-sync.js';

export interface FutureParts {
  readonly trackerClock: TrackerClock;
  readonly steadyClock: Clock;
  readonly trackerSync: Pick<TrackerSync, 'sync'>;
}

export interface Future {
  /** Whether the timestamp lies in the future as far as this terminal knows. False until the tracker has reported its time. */
  seems(hlc: Hlc): boolean;
  /** Asks the tracker for its time, because its clock may have been set, and then decides like `seems`. */
  isConfirmed(hlc: Hlc): Promise<boolean>;
  /** The time from which on a timestamp lies in the future, milliseconds since the epoch. */
  latestMs(): number;
  /** The time to show for a message that arrives now: its timestamp, or the present time if the timestamp lies in the future. */
  shownAt(hlc: Hlc): number;
  /** The refusal of a message dated in the future, for its author. */
  refusal(hlc: Hlc): Answer<4>;
}

/** The minimum time between two questions to the tracker, so that one author cannot cause a question with every message. */
const ASK_AGAIN_MS = 10_000;

export function createFuture({ trackerClock, steadyClock, trackerSync }: FutureParts): Future {
  let askedAt: number | null = null;
  let asking: Promise<unknown> = Promise.resolve();
  const latestMs = (): number => trackerClock.now() + MAX_LEAD_MS;
  const seems = (hlc: Hlc): boolean => trackerClock.state === 'reported' && millisecondsOf(hlc) > latestMs();
  return {
    seems,
    latestMs,
    shownAt: (hlc) => (seems(hlc) ? trackerClock.now() : millisecondsOf(hlc)),
    async isConfirmed(hlc) {
      const now = steadyClock.now();
      if (askedAt === null || now - askedAt >= ASK_AGAIN_MS) {
        askedAt = now;
        asking = trackerSync.sync();
      }
      await asking;
      return seems(hlc);
    },
    refusal(hlc) {
      const { remedy } = statusOf(4, 'DATED_AHEAD');
      const [dated, now] = [utcTime(millisecondsOf(hlc)), utcTime(trackerClock.now())];
      return {
        phrase: 'DATED_AHEAD',
        message: `The message is dated ${dated}, but the tracker's clock says ${now}. ${remedy}`,
      };
    },
  };
}
