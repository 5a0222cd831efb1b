// The periodic maintenance of a tracker: old receipts are pruned, and throttles that have ended are recorded.
import type { Clock, Schedule } from '../../core/time/clock.js';
import { every } from '../../core/time/wait.js';
import type { EventStore } from '../../core/events/store.js';
import type { Log } from '../../core/log.js';
import type { Admission } from '../admission/admission.js';

const RECEIPT_LIFETIME_MS = 24 * 3_600_000;
const PRUNING_INTERVAL_MS = 3_600_000;
/** The end of a throttle reaches the log within this time. */
const REVIEW_INTERVAL_MS = 60_000;

export interface MaintenanceParts {
  readonly store: Pick<EventStore, 'pruneReceipts'>;
  readonly admission: Pick<Admission, 'record'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** Runs once now and then periodically. The function returned stops it. */
export function startMaintenance({ store, admission, clock, schedule, log }: MaintenanceParts): () => void {
  const prune = (): void => {
    store.pruneReceipts(clock.now() - RECEIPT_LIFETIME_MS).then(
      (count) => log.debug({ count }, 'pruned receipts'),
      (thrown: unknown) => log.error({ err: thrown }, 'receipts could not be pruned'),
    );
  };
  prune();
  admission.record.review();
  const ends = [
    every(schedule, PRUNING_INTERVAL_MS, prune),
    every(schedule, REVIEW_INTERVAL_MS, () => admission.record.review()),
  ];
  return () => {
    for (const end of ends) end();
  };
}
