// A clock and timers for specs: time passes when the spec says so, and everything due happens in its order.
import { setImmediate } from 'node:timers/promises';
import type { Timers } from '../../../client/session/timers.js';
import type { Clock } from '../../../core/time/clock.js';

export interface Time extends Clock, Timers {
  /** Lets `ms` milliseconds pass, with all that is due in them and all that follows from it. */
  pass(ms: number): Promise<void>;
}

export function createTime(startMs = 1_700_000_000_000): Time {
  let now = startMs;
  const due = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    after(delayMs, task) {
      const timer = { at: now + Math.max(0, delayMs), task };
      due.add(timer);
      return () => due.delete(timer);
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
        next.task();
        await setImmediate();
      }
      now = end;
    },
  };
}
