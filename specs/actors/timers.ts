// Timers that a spec fires by hand.
import type { Schedule } from '../../core/time/clock.js';

export function handTimers() {
  const waiting = new Set<{ readonly delayMs: number; readonly run: () => void }>();
  const schedule: Schedule = (delayMs, run) => {
    const timer = { delayMs, run };
    waiting.add(timer);
    return () => void waiting.delete(timer);
  };
  return {
    schedule,
    /** The delays of the pending timers. */
    delays: () => [...waiting].map(({ delayMs }) => delayMs),
    /** Fires all pending timers. */
    elapse() {
      for (const timer of waiting) {
        waiting.delete(timer);
        timer.run();
      }
    },
  };
}
