// A chat between two ends that a program drives with lines, and its figures: the rate when lines are written as fast as it reads
// them, and the time from writing a line to reading it at a fixed rate. It starts no programs.
import { setTimeout as delay } from 'node:timers/promises';
import { systemSchedule } from '../../core/time/clock.js';
import { delay as wait } from '../../core/time/wait.js';
import { quantile } from '../figures.js';

/** Two ends of a chat that are connected and have joined the same conversation. */
export interface LineChat {
  /** Writes one line at the first end. */
  write(text: string): void;
  /** Sets the function that gets each line read at the second end. */
  onRead(listener: (text: string) => void): void;
  /** The processes that write and that read, if the processor time of each is a figure. */
  readonly pids?: { readonly writer: number; readonly reader: number };
  close(): Promise<void>;
}

/** Every chat is measured with texts of this length, in bytes. */
export const TEXT_BYTES = 200;
/** A run that has not read every line this long after the last one was written is stopped. */
const LATE_MS = 20_000;
/** Pauses between writes at a fixed rate. */
const TICK_MS = 1;

export interface Run {
  /** The time from writing each line to reading it, in milliseconds, in the order of reading. */
  readonly latencies: readonly number[];
  /** The number of lines written. It is larger than the number of latencies if the run was stopped. */
  readonly written: number;
  /** From the first line written to the last one read. */
  readonly durationMs: number;
}

let runs = 0;

/** Writes `count` lines, at `perSecond` or all at once, and waits until they are read, but not for longer than 20 s. */
export async function runLines(chat: LineChat, count: number, perSecond = Infinity): Promise<Run> {
  const run = String((runs += 1));
  const latencies: number[] = [];
  const start = performance.now();
  let last = start;
  const isRead = new AbortController();
  chat.onRead((text) => {
    const [of, at] = text.split(' ');
    // A line of an earlier run that was stopped does not count.
    if (of !== run) return;
    last = performance.now();
    if (latencies.push(last - Number(at)) === count) isRead.abort();
  });
  for (let written = 0; written < count; ) {
    const due = perSecond === Infinity ? count : ((performance.now() - start) * perSecond) / 1_000;
    for (; written < Math.min(count, due); written += 1) {
      chat.write(`${run} ${performance.now().toFixed(3)} `.padEnd(TEXT_BYTES, 'x'));
    }
    await delay(TICK_MS);
  }
  await wait(systemSchedule, LATE_MS, isRead.signal);
  return { latencies, written: count, durationMs: last - start };
}

/** The lines read each second. */
export const rateOf = ({ latencies, durationMs }: Run): number => (1_000 * latencies.length) / durationMs;

/** The quantile `q` of the latencies; infinite if the line at that place was not read. */
export const latencyOf = ({ latencies, written }: Run, q: number): number =>
  quantile([...latencies, ...Array.from({ length: written - latencies.length }, () => Infinity)], q);
