// What a tracker tidies up now and then: receipts that nobody asks for any more, throttles that are over.
import type { Clock } from '../../core/time/clock.js';
import type { EventStore } from '../../core/events/store.js';
import type { Log } from '../../core/log.js';
import type { Admission } from '../admission/admission.js';

const RECEIPT_LIFETIME_MS = 24 * 3_600_000;
const PRUNING_INTERVAL_MS = 3_600_000;
/** The end of a throttle is in the log within this time. */
const REVIEW_INTERVAL_MS = 60_000;

export interface MaintenanceParts {
  readonly store: Pick<EventStore, 'pruneReceipts'>;
  readonly admission: Pick<Admission, 'record'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Begins at once; the result ends it. */
export function startMaintenance({ store, admission, clock, log }: MaintenanceParts): () => void {
  const prune = (): void => {
    store.pruneReceipts(clock.now() - RECEIPT_LIFETIME_MS).then(
      (count) => log.debug({ count }, 'pruned receipts'),
      (thrown: unknown) => log.error({ err: thrown }, 'receipts could not be pruned'),
    );
  };
  prune();
  admission.record.review();
  const timers = [
    setInterval(prune, PRUNING_INTERVAL_MS),
    setInterval(() => admission.record.review(), REVIEW_INTERVAL_MS),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
