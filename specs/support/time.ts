// A clock and timers for specs: time passes when the spec says so, and what is due happens in its order.
import { setImmediate } from 'node:timers/promises';
import type { Clock, Schedule } from '../../core/time/clock.js';

export interface Time extends Clock {
  readonly schedule: Schedule;
  /** Lets `ms` milliseconds pass, with everything due in them and everything that follows from it. */
  pass(ms: number): Promise<void>;
  /** How many timers wait. */
  pending(): number;
}

export function createTime(startMs = 1_700_000_000_000): Time {
  let now = startMs;
  const due = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    schedule(delayMs, run) {
      const timer = { at: now + Math.max(0, delayMs), run };
      due.add(timer);
      return () => void due.delete(timer);
    },
    async pass(ms) {
      const end = now + ms;
      // A macrotask lets every promise that can settle settle.
      await setImmediate();
      for (;;) {
        const [next] = [...due].toSorted((one, other) => one.at - other.at);
        if (next === undefined || next.at > end) break;
        due.delete(next);
        now = next.at;
        next.run();
        await setImmediate();
      }
      now = end;
    },
    pending: () => due.size,
  };
}
