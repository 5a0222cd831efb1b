// The part of the log that the timeline shows: the whole log, or a shorter time around the cursor.
import type { Direction, Reads, Timeline } from '../reads.js';

export interface TimelineWindowParts {
  readonly reads: Pick<Reads, 'timeAt' | 'timeline'>;
  /** Runs work whose reading may fail. */
  readonly run: (work: () => Promise<void>) => void;
  readonly onChange: () => void;
}

const ZOOM = 4;
/** A timeline is never shorter. */
const SPAN_MIN_MS = 10_000;

export class TimelineWindow {
  readonly #parts: TimelineWindowParts;
  #columns = 0;
  #isEmpty = true;
  /** The times of the first and the last event. */
  #bounds = { from: 0, to: 0 };
  /** Null for the whole log. */
  #span: { readonly from: number; readonly to: number } | null = null;
  #timeline: Timeline | null = null;
  #reading = new AbortController();

  constructor(parts: TimelineWindowParts) {
    this.#parts = parts;
  }

  /** Null before the first reading, and for an empty log. */
  get timeline(): Timeline | null {
    return this.#timeline;
  }

  get isZoomed(): boolean {
    return this.#span !== null;
  }

  close(): void {
    this.#reading.abort();
  }

  /** Takes over a log that ends at this position. */
  async extend(end: number): Promise<void> {
    this.#isEmpty = end === 0;
    if (this.#isEmpty) return;
    const { reads } = this.#parts;
    const [from, to] = [(await reads.timeAt(1)) ?? 0, (await reads.timeAt(end)) ?? 0];
    // A clock that was set back gives an end before the beginning.
    this.#bounds = { from, to: Math.max(to, from + 1) };
    this.#read();
  }

  resize(columns: number): void {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#read();
  }

  /** @param time the time in the middle of the new window */
  zoom(direction: 'in' | 'out', time: number | null): void {
    const { from, to } = this.#span ?? this.#bounds;
    const length = direction === 'in' ? (to - from) / ZOOM : (to - from) * ZOOM;
    this.#centre(Math.max(SPAN_MIN_MS, length), time);
  }

  /** Moves a window that is shorter than the log so that it includes this time. */
  keep(time: number): void {
    const span = this.#span;
    if (span !== null && (time < span.from || time > span.to)) this.#centre(span.to - span.from, time);
  }

  /** The position at the end of a column; undefined without a timeline. */
  positionAt(column: number): number | undefined {
    const { ends = [] } = this.#timeline ?? {};
    return ends[Math.max(0, Math.min(ends.length - 1, column))];
  }

  /** The position at the end of the next or previous column with events; undefined if no such column exists. */
  nextStop(position: number, direction: Direction): number | undefined {
    const { ends = [], before = 0 } = this.#timeline ?? {};
    const stops = [before, ...ends];
    return direction === 'next'
      ? stops.find((one) => one > position)
      : stops.findLast((one) => one < position);
  }

  #centre(length: number, time: number | null): void {
    const { from, to } = this.#bounds;
    if (length >= to - from) this.#span = null;
    else {
      const start = Math.max(from, Math.min(to - length, (time ?? from) - length / 2));
      this.#span = { from: start, to: start + length };
    }
    this.#read();
  }

  #read(): void {
    this.#reading.abort();
    if (this.#columns === 0 || this.#isEmpty) return;
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const { reads, run, onChange } = this.#parts;
    const request = { ...(this.#span ?? this.#bounds), columns: this.#columns, signal };
    run(async () => {
      for await (const timeline of reads.timeline(request)) {
        if (signal.aborted) return;
        this.#timeline = timeline;
        onChange();
      }
    });
  }
}
