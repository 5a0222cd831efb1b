// Tells aggregates when a time they wait for has come. What waits for when stands in a table: a restart loses none.
import type { Clock, Schedule } from '../time/clock.js';
import type { Log } from '../log.js';

export interface Deadline {
  /** The aggregate's id. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface DeadlinesParts {
  /** All that wait now, in any order. */
  readonly waiting: () => Promise<readonly Deadline[]>;
  /**
   * Tells an aggregate that its time has come. It is told again at each review for as long as it waits, and what it
   * does is its own affair. A rejection is logged; the next review comes to it again.
   */
  readonly tick: (id: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

export interface Deadlines {
  /** Tells all whose time has come, and wakes by itself for the next: to be called at the start and after a change. */
  review(): Promise<void>;
  stop(): void;
}

/** A timer takes no more than 24.8 days; and a clock that is set right is noticed within this time. */
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
      await tick(id).catch((thrown: unknown) => log.error({ err: thrown, id }, 'a deadline was not told'));
    }
    if (isStopped) return;
    const next = Math.min(...all.map(({ at }) => at).filter((at) => at > now), now + LONGEST_SLEEP_MS);
    cancel = schedule(next - now, () => void review());
  }

  /** One after the other: a timer that is replaced is cancelled first. */
  function review(): Promise<void> {
    latest = latest.then(look).catch((thrown: unknown) => {
      log.error({ err: thrown }, 'deadlines could not be looked up');
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
