// Lets go of what is not to be kept any more, at the start and every hour. It decides nothing about what that is.
import type { Log } from '../../../core/log.js';
import type { History, Retention } from '../port.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface Keeping {
  /** Undefined: without a limit. */
  readonly keepDays: number | undefined;
  readonly keepMessages: number | undefined;
}

/** Gives what ends it. */
export function keepOnly(
  history: Pick<History, 'applyRetention'>,
  { keepDays, keepMessages }: Keeping,
  log: Log,
): () => Promise<void> {
  if (keepDays === undefined && keepMessages === undefined) return () => Promise.resolve();
  const retention: Retention = {
    maxAgeMs: keepDays === undefined ? null : keepDays * DAY_MS,
    maxMessages: keepMessages ?? null,
  };
  let last = Promise.resolve();
  const retain = (): void => {
    last = history.applyRetention(retention).catch((error: unknown) => {
      log.error({ error }, 'old messages cannot be let go of');
    });
  };
  retain();
  const timer = setInterval(retain, HOUR_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return last;
  };
}
