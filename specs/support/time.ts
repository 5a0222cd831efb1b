// A clock and timers for specs. Time passes only when the spec lets it, and due timers fire in order.
import { setImmediate } from 'node:timers/promises';
import type { Clock, Schedule } from '../../core/time/clock.js';

export interface Time extends Clock {
  readonly schedule: Schedule;
  /** Lets `ms` milliseconds pass. Runs all timers due in that time, and the work that follows from them. */
  pass(ms: number): Promise<void>;
  /** The number of pending timers. */
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
      // A macrotask gives every promise that can settle time to do so.
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
