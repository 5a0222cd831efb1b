// The deadlines of aggregates: each aggregate is notified when its deadline is reached. Deadlines are stored in a
// table, so a restart loses none.
import type { Clock, Schedule } from '../time/clock.js';
import type { Log } from '../log.js';

export interface Deadline {
  /** The aggregate's id. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface DeadlinesParts {
  /** Returns all pending deadlines, in any order. */
  readonly waiting: () => Promise<readonly Deadline[]>;
  /**
   * Notifies an aggregate that its deadline is reached. Every review repeats the call while the deadline is pending;
   * the aggregate decides what to do. A rejection is logged, and the next review retries.
   */
  readonly tick: (id: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

export interface Deadlines {
  /**
   * Notifies the aggregates whose deadline is reached and schedules a timer for the next deadline. Call it at the start and
   * after each change.
   */
  review(): Promise<void>;
  stop(): void;
}

/** Timers are limited to 24.8 days. A correction of the system clock is noticed within this time. */
const LONGEST_SLEEP_MS = 3_600_000;

export function createDeadlines({ waiting, tick, clock, schedule, log }: DeadlinesParts): Deadlines {
  let cancel: (() => void) | null = null;
  let isStopped = false;
  let latest: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    if (isStopped) return;
    cancel?.();
    const now = clock.now();
    const all = await waiting();
    for (const { id } of all.filter(({ at }) => at <= now)) {
      await tick(id).catch((thrown: unknown) =>
        log.error({ err: thrown, id }, 'an aggregate could not be notified of its deadline'),
      );
    }
    if (isStopped) return;
    const next = Math.min(...all.map(({ at }) => at).filter((at) => at > now), now + LONGEST_SLEEP_MS);
    cancel = schedule(next - now, () => void review());
  }

  /** Reviews run one at a time. A new timer replaces the pending one. */
  function review(): Promise<void> {
    latest = latest.then(look).catch((thrown: unknown) => {
      log.error({ err: thrown }, 'deadlines could not be read');
      if (!isStopped) cancel = schedule(LONGEST_SLEEP_MS, () => void review());
    });
    return latest;
  }

  return {
    review,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
