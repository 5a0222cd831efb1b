// Following the log: every event in order, at least once, from a checkpoint on. It knows not what is done with them.
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { Checkpoints } from './sql/checkpoints.js';
import type { RecordedEvent } from './event.js';
import type { EventStore, Slice } from './store.js';

const SLICE_EVENTS = 200;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 10_000;

interface Following {
  readonly checkpoints: Checkpoints;
  /** Whose checkpoint; one follower at a time may use it. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** How long the log may be quiet before the checkpoint is saved; 100 ms unless told. */
  readonly saveAfterMs?: number;
  /** How often to look for what other processes wrote; 250 ms unless told. */
  readonly pollMs?: number;
}

/**
 * Events are handled in order of positions, one at a time, or in slices of up to 200, whatever there is. If handling
 * rejects, that is logged and the same event or slice is tried again, more and more slowly, until it succeeds: none is
 * skipped. After a crash, or a slice that failed half-way, events come again.
 */
export type FollowOptions = Following &
  (
    | { readonly handle: (event: RecordedEvent) => Promise<void> }
    | { readonly handleSlice: (events: readonly RecordedEvent[]) => Promise<void> }
  );

/**
 * Follows until `signal` aborts; resolves when the event in hand is done and the checkpoint saved, rejects only
 * if this last save fails.
 */
export async function follow(store: EventStore, options: FollowOptions): Promise<void> {
  const { checkpoints, name, signal, log, saveAfterMs = 100, pollMs = 250 } = options;
  const bell = createBell(signal);
  const stopListening = store.onAppended(bell.ring);
  try {
    const start = await retried('reading the checkpoint', () => checkpoints.load(name));
    if (start.done) await run(start.value);
  } finally {
    stopListening();
  }

  async function run(start: number): Promise<void> {
    let position = start;
    let saved = start;
    const save = async (): Promise<void> => {
      await checkpoints.save(name, position);
      saved = position;
    };
    while (!signal.aborted) {
      bell.silence();
      const slice = { fromPosition: position + 1, limit: SLICE_EVENTS };
      const events = await next(slice);
      for (const part of partsOf(events)) {
        const handled = await retried(`handling position ${part.from}`, part.handle);
        if (!handled.done) break;
        position = part.to;
      }
      if (position - saved >= SLICE_EVENTS) await retried('saving the checkpoint', save);
      // A log that grows all the time would else keep everything else from its turn.
      await nextTurn();
      if (events.length === SLICE_EVENTS || signal.aborted) continue;
      const isQuiet = (await bell.wait(saved < position ? saveAfterMs : pollMs)) === 'quiet';
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

  // Tries until it succeeds or following stops.
  async function retried<T>(what: string, work: () => Promise<T>): Promise<Attempt<T>> {
    for (let delayMs = FIRST_RETRY_MS; !signal.aborted; delayMs = Math.min(2 * delayMs, LAST_RETRY_MS)) {
      try {
        return { done: true, value: await work() };
      } catch (error) {
        log.error({ err: error, follower: name, delayMs }, `${what} failed: ${messageOf(error)}`);
        await bell.pause(delayMs);
      }
    }
    return { done: false };
  }
}

/** What is handled, and if need be tried again, at a time. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly handle: () => Promise<void>;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false };

interface Bell {
  readonly ring: () => void;
  /** Forgets that it was rung. */
  silence(): void;
  /** Resolves when rung since it was silenced, when stopped, or as `quiet` after a time. */
  wait(timeoutMs: number): Promise<'rung' | 'quiet'>;
  /** Resolves after a time, or when stopped. */
  pause(durationMs: number): Promise<void>;
}

function createBell(signal: AbortSignal): Bell {
  let hasRung = false;
  let wake: (() => void) | null = null;

  function until(timeoutMs: number, isRingHeard: boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        wake = null;
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      signal.addEventListener('abort', end);
      if (isRingHeard) wake = end;
      if (signal.aborted || (isRingHeard && hasRung)) end();
    });
  }

  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    silence() {
      hasRung = false;
    },
    async wait(timeoutMs) {
      await until(timeoutMs, true);
      return hasRung ? 'rung' : 'quiet';
    },
    pause: (durationMs) => until(durationMs, false),
  };
}
