// The wait until no message of the user waits for a recipient any more.
import type { Schedule } from '../../../../core/time/clock.js';
import { createChanges } from '../../../../core/time/wait.js';

export interface Drained {
  /** Notes that fewer messages may wait now. */
  settled(): void;
  /** Resolves when no message waits, or after `timeoutMs`, with the number of messages that wait. */
  wait(timeoutMs: number): Promise<number>;
}

export function createDrained(schedule: Schedule, countWaiting: () => Promise<number>): Drained {
  const changes = createChanges(schedule);
  /** Number of calls of `settled`. */
  let settlements = 0;
  return {
    settled() {
      settlements += 1;
      changes.notify();
    },
    async wait(timeoutMs) {
      let isOver = timeoutMs <= 0;
      const cancel = schedule(timeoutMs, () => {
        isOver = true;
        changes.notify();
      });
      try {
        for (;;) {
          const seen = settlements;
          const waiting = await countWaiting();
          if (waiting === 0 || isOver) return waiting;
          await changes.until(() => isOver || settlements !== seen, timeoutMs);
        }
      } finally {
        cancel();
      }
    },
  };
}
