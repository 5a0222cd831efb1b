// The jumps to the next or previous event of some kind. One runs at a time; a move of the cursor ends it.
import type { Direction, Reads, Target } from '../reads.js';

export interface JumpParts {
  readonly reads: Pick<Reads, 'seek'>;
  /** Runs work whose reading may fail. */
  readonly run: (work: () => Promise<void>) => void;
  /** The cursor, and the end of the log. */
  readonly place: () => { readonly at: number; readonly end: number };
  readonly goTo: (position: number) => void;
  readonly show: (message: string) => void;
}

export class Jumps {
  readonly #parts: JumpParts;
  #running: AbortController | null = null;

  constructor(parts: JumpParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  end(): void {
    this.#running?.abort();
    this.#running = null;
  }

  /** @param name the target in a message */
  start(direction: Direction, target: Target, name: string): void {
    this.end();
    const { reads, run, place, goTo, show } = this.#parts;
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    const { at: from, end } = place();
    const length = Math.max(1, direction === 'next' ? end - from : from);
    const onProgress = (count: number): void => {
      const percent = Math.min(99, Math.floor((100 * count) / length));
      show(`Looking for ${name}: ${percent}% searched. Esc ends the search.`);
    };
    run(async () => {
      try {
        const found = await reads.seek({ from, direction, target, signal, onProgress });
        if (signal.aborted) return;
        if (found !== null) goTo(found);
        else show(`No ${direction === 'next' ? 'later' : 'earlier'} event matches ${name}.`);
      } finally {
        if (this.#running === running) this.#running = null;
      }
    });
  }
}
