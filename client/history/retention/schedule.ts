// The retention schedule: deletes expired messages at the start and once an hour. It does not decide which ones expire.
import type { Log } from '../../../core/log.js';
import type { Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import type { History, Retention } from '../port.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The limits that the user chose; undefined means no limit. */
export interface RetentionSettings {
  readonly keepDays: number | undefined;
  readonly keepMessages: number | undefined;
}

/** Returns a function that stops the schedule. It resolves when a deletion that is running has ended. */
export function scheduleRetention(
  history: Pick<History, 'applyRetention'>,
  { keepDays, keepMessages }: RetentionSettings,
  schedule: Schedule,
  log: Log,
): () => Promise<void> {
  if (keepDays === undefined && keepMessages === undefined) return () => Promise.resolve();
  const retention: Retention = {
    maxAgeMs: keepDays === undefined ? null : keepDays * DAY_MS,
    maxMessages: keepMessages ?? null,
  };
  let last = Promise.resolve();
  const run = (): void => {
    last = history.applyRetention(retention).catch((error: unknown) => {
      log.error({ error }, 'expired messages could not be deleted');
    });
  };
  run();
  const stop = every(schedule, HOUR_MS, run);
  return () => {
    stop();
    return last;
  };
}
