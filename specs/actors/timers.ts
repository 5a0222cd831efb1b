// Timers that a spec lets run out by hand.
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
    /** The delays of those that wait. */
    delays: () => [...waiting].map(({ delayMs }) => delayMs),
    /** Lets all that wait run out. */
    elapse() {
      for (const timer of waiting) {
        waiting.delete(timer);
        timer.run();
      }
    },
  };
}
