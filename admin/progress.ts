// A bar for a person who waits; nothing where nobody looks.
import type { Clock } from '../core/time/clock.js';

const REDRAW_MS = 100;
const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[K';

/** Where it is drawn: standard error, so that standard output stays for what was found. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  readonly show: (done: number) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

export function createProgress(screen: ProgressScreen, total: number, clock: Clock): Progress {
  if (screen.isTTY !== true) return { show: () => undefined, end: () => undefined };
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show(done) {
      if (clock.now() - drawnAt < REDRAW_MS) return;
      drawnAt = clock.now();
      // The log may grow meanwhile.
      const end = Math.max(total, done, 1);
      const filled = Math.floor((WIDTH * done) / end);
      const bar = '#'.repeat(filled).padEnd(WIDTH, '.');
      screen.write(`${CLEAR_LINE}[${bar}] ${counted(done)} of ${counted(end)} events`);
    },
    end: () => void screen.write(CLEAR_LINE),
  };
}

/** A count as people read it: 1,000,000. */
export function counted(count: number): string {
  return count.toLocaleString('en-US');
}
