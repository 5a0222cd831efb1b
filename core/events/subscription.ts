// Following the log: every event in order, at least once, from a checkpoint on. It does not interpret the events.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { createBackoff } from '../time/backoff.js';
import type { Schedule } from '../time/clock.js';
import { createChanges, delay } from '../time/wait.js';
import type { Checkpoints } from './sql/checkpoints.js';
import type { RecordedEvent } from './event.js';
import type { EventStore, Slice } from './store.js';

const SLICE_EVENTS = 200;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 10_000;

interface Following {
  readonly checkpoints: Checkpoints;
  /** The name of the checkpoint. Only one follower at a time may use it. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly schedule: Schedule;
  /** How long the log must be quiet before the checkpoint is saved; 100 ms by default. */
  readonly saveAfterMs?: number;
  /** The interval for detecting events of other processes; 250 ms by default. */
  readonly pollMs?: number;
}

/**
 * Events are handled in the order of positions, one at a time or in slices of up to 200. A rejection is logged, and the
 * same event or slice is retried with growing delays until it succeeds: no event is skipped. After a crash, or a slice
 * that failed part-way, events may be handled again.
 */
export type FollowOptions = Following &
  (
    | { readonly handle: (event: RecordedEvent) => Promise<void> }
    | { readonly handleSlice: (events: readonly RecordedEvent[]) => Promise<void> }
  );

/**
 * Follows until `signal` aborts. Resolves when the current event is handled and the checkpoint is saved; rejects only
 * if this last save fails.
 */
export async function follow(store: EventStore, options: FollowOptions): Promise<void> {
  const { checkpoints, name, signal, log, schedule, saveAfterMs = 100, pollMs = 250 } = options;
  const changes = createChanges(schedule);
  let hasNews = false;
  const stopListening = store.onAppended(() => {
    hasNews = true;
    changes.notify();
  });
  const wake = (): void => changes.notify();
  signal.addEventListener('abort', wake);
  try {
    const start = await retried('reading the checkpoint', () => checkpoints.load(name));
    if (start.done) await run(start.value);
  } finally {
    stopListening();
    signal.removeEventListener('abort', wake);
  }

  async function run(start: number): Promise<void> {
    let position = start;
    let saved = start;
    const save = async (): Promise<void> => {
      await checkpoints.save(name, position);
      saved = position;
    };
    while (!signal.aborted) {
      hasNews = false;
      const slice = { fromPosition: position + 1, limit: SLICE_EVENTS };
      const events = await next(slice);
      for (const part of partsOf(events)) {
        const handled = await retried(`handling position ${part.from}`, part.handle);
        if (!handled.done) break;
        position = part.to;
      }
      if (position - saved >= SLICE_EVENTS) await retried('saving the checkpoint', save);
      // A log that grows constantly must not block other work.
      await nextTurn();
      if (events.length === SLICE_EVENTS || signal.aborted) continue;
      const limitMs = saved < position ? saveAfterMs : pollMs;
      const isQuiet = !(await changes.until(() => hasNews || signal.aborted, limitMs));
      if (isQuiet && saved < position) await retried('saving the checkpoint', save);
    }
    if (saved < position) await save();
  }

  async function next(slice: Slice): Promise<readonly RecordedEvent[]> {
    const recent = store.recent(slice);
    if (recent.length > 0) return recent;
    const read = await retried('reading the log', () => store.readAll(slice));
    return read.done ? read.value : [];
  }

  function partsOf(events: readonly RecordedEvent[]): readonly Part[] {
    const first = events[0];
    const last = events.at(-1);
    if (first === undefined || last === undefined) return [];
    if ('handleSlice' in options) {
      return [{ from: first.position, to: last.position, handle: () => options.handleSlice(events) }];
    }
    const { handle } = options;
    return events.map((event) => ({
      from: event.position,
      to: event.position,
      handle: () => handle(event),
    }));
  }

  // Retries until the work succeeds or following stops.
  async function retried<T>(what: string, work: () => Promise<T>): Promise<Attempt<T>> {
    const backoff = createBackoff({ firstMs: FIRST_RETRY_MS, longestMs: LAST_RETRY_MS });
    while (!signal.aborted) {
      try {
        return { done: true, value: await work() };
      } catch (error) {
        const delayMs = backoff.next();
        log.error({ err: error, follower: name, delayMs }, `${what} failed: ${messageOf(error)}`);
        await delay(schedule, delayMs, signal);
      }
    }
    return { done: false };
  }
}

/** The events that are handled, and retried, together. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly handle: () => Promise<void>;
}

type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false };
