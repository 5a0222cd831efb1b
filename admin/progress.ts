// The progress bar of a long command. It is drawn only on a terminal.
import type { Clock } from '../core/time/clock.js';

const REDRAW_MS = 100;
const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[K';

/** The stream of the bar: standard error, so that standard output holds only results. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  readonly show: (done: number) => void;
  /** Removes the bar. */
  readonly end: () => void;
}

export function createProgress(screen: ProgressScreen, total: number, clock: Clock): Progress {
  if (screen.isTTY !== true) return { show: () => undefined, end: () => undefined };
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show(done) {
      if (clock.now() - drawnAt < REDRAW_MS) return;
      drawnAt = clock.now();
      // The log may grow while the command runs.
      const end = Math.max(total, done, 1);
      const filled = Math.floor((WIDTH * done) / end);
      const bar = '#'.repeat(filled).padEnd(WIDTH, '.');
      screen.write(`${CLEAR_LINE}[${bar}] ${counted(done)} of ${counted(end)} events`);
    },
    end: () => void screen.write(CLEAR_LINE),
  };
}

/** A count with thousands separators: 1,000,000. */
export function counted(count: number): string {
  return count.toLocaleString('en-US');
}
