// Following the log: every event in order, at least once, from a checkpoint on. An event that cannot be handled stops its
// own stream only, and an event that is quarantined is passed over. It does not interpret other events than quarantines.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { reasonOf } from '../reason.js';
import { createBackoff } from '../time/backoff.js';
import type { Schedule } from '../time/clock.js';
import { createChanges, delay, every } from '../time/wait.js';
import type { Checkpoints } from './sql/checkpoints.js';
import type { StoppedStream, StoppedStreams } from './sql/stopped-streams.js';
import { isApplicable, isQuarantined, type LoggedEvent, type RecordedEvent } from './event.js';
import { isOfQuarantine, quarantinePayload } from './quarantine/quarantines.js';
import { isUnreadable, readEachEvent, type UnreadableEvent } from './reading.js';
import type { EventStore, Slice } from './store.js';
import { isOfEvent } from './unhandled.js';

const SLICE_EVENTS = 200;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 10_000;

interface Following {
  readonly checkpoints: Checkpoints;
  readonly stopped: StoppedStreams;
  /** The name of the checkpoint and of the entries in `stopped`. Only one follower at a time may use it. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly schedule: Schedule;
  /** How long the log must be quiet before the checkpoint is saved; 100 ms by default. */
  readonly saveAfterMs?: number;
  /** The interval for detecting events of other processes; 250 ms by default. */
  readonly pollMs?: number;
  /** The interval at which stopped streams are tried again; one minute by default. */
  readonly resumeMs?: number;
  /**
   * Called when the first missed event of a stopped stream can be read again, or is quarantined. If `onReadable` is given, the missed events are not
   * handled one by one. Use it if events must be handled in the order of their positions. If it rejects, the stream stays
   * stopped.
   */
  readonly onReadable?: (event: LoggedEvent) => Promise<void>;
}

/**
 * Events are handled in the order of positions, one at a time or in slices of up to 200. An event whose error belongs to it (see
 * `isOfEvent`) stops its stream: this event and all later events of the stream wait. The stream is recorded in `stopped` and
 * reported in the program's log. It is tried again at each start and every minute. After any other rejection the same event or
 * slice is retried with growing delays until it succeeds. No event is skipped, except those that the operator quarantined. An event
 * that is released from quarantine is handled then, and the later events of its stream are handled again. After a crash, or a slice
 * that failed part-way, events may be handled again, too.
 */
export type FollowOptions = Following &
  (
    | { readonly handle: (event: RecordedEvent) => Promise<void> }
    | { readonly handleSlice: (events: readonly RecordedEvent[]) => Promise<void> }
    /** Also gets the placeholders of quarantined events. */
    | { readonly handleLogged: (events: readonly LoggedEvent[]) => Promise<void> }
  );

/**
 * Follows until `signal` aborts. Resolves when the current event is handled and the checkpoint is saved; rejects only
 * if this last save fails.
 */
export async function follow(store: EventStore, options: FollowOptions): Promise<void> {
  const { checkpoints, stopped, name, signal, log, schedule } = options;
  const { saveAfterMs = 100, pollMs = 250, resumeMs = 60_000, onReadable } = options;
  const isSliced = 'handleSlice' in options || 'handleLogged' in options;
  const changes = createChanges(schedule);
  const stoppedStreams = new Map<string, StoppedStream>();
  let hasNews = false;
  let isResumeDue = true;
  const stopListening = store.onAppended(() => {
    hasNews = true;
    changes.notify();
  });
  const wake = (): void => changes.notify();
  signal.addEventListener('abort', wake);
  const endResuming = every(schedule, resumeMs, () => {
    isResumeDue = true;
  });
  try {
    const start = await retried('reading the checkpoint', async () => {
      for (const one of await stopped.load(name)) stoppedStreams.set(one.stream, one);
      return checkpoints.load(name);
    });
    if (start.done) await run(start.value);
  } finally {
    endResuming();
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
      if (isResumeDue) {
        isResumeDue = false;
        for (const one of Array.from(stoppedStreams.values())) await resume(one, position);
      }
      hasNews = false;
      const slice = { fromPosition: position + 1, limit: SLICE_EVENTS };
      const events = await next(slice);
      for (const part of partsOf(events)) {
        if (!(await take(part))) break;
        position = part.at(-1)?.position ?? position;
        for (const item of part) await noteQuarantine(item);
      }
      if (position - saved >= SLICE_EVENTS) await retried('saving the checkpoint', save);
      // A log that grows constantly must not block other work.
      await nextTurn();
      if (events.length === SLICE_EVENTS || isResumeDue || signal.aborted) continue;
      const limitMs = saved < position ? saveAfterMs : pollMs;
      const isQuiet = !(await changes.until(() => hasNews || signal.aborted, limitMs));
      if (isQuiet && saved < position) await retried('saving the checkpoint', save);
    }
    if (saved < position) await save();
  }

  async function next(slice: Slice): Promise<readonly Item[]> {
    const recent = store.recent(slice);
    if (recent.length > 0) return recent;
    const read = await retried('reading the log', () => readEachEvent(store, slice));
    return read.done ? read.value : [];
  }

  /** Handles a part, but skips the events of stopped streams. Resolves with false if following stops first. */
  async function take(part: readonly Item[]): Promise<boolean> {
    const waiting = part.filter(
      (item) =>
        item.position < (stoppedStreams.get(item.stream)?.position ?? Number.POSITIVE_INFINITY) &&
        (isUnreadable(item) || isHandled(item)),
    );
    const [first] = waiting;
    if (first === undefined) return true;
    if (isUnreadable(first)) return stop(first, first.reason);
    const events = waiting.filter((item): item is LoggedEvent => !isUnreadable(item));
    const outcome = await retried(`handling position ${first.position}`, () => attempt(events));
    if (!outcome.done) return false;
    if (outcome.value === null) return true;
    if (events.length === 1) return stop(first, reasonOf(outcome.value.error));
    // One event of the slice cannot be handled, so the events are handled one by one.
    for (const event of events) if (!(await take([event]))) return false;
    return true;
  }

  /** Null if the events were handled; the error if it belongs to one of them. Rejects with any other error. */
  async function attempt(events: readonly LoggedEvent[]): Promise<{ readonly error: unknown } | null> {
    try {
      await handle(events);
      return null;
    } catch (error) {
      if (!isOfEvent(error)) throw error;
      return { error };
    }
  }

  async function handle(logged: readonly LoggedEvent[]): Promise<void> {
    if ('handleLogged' in options) return options.handleLogged(logged);
    const events = logged.filter(isApplicable);
    if ('handleSlice' in options) return options.handleSlice(events);
    for (const event of events) await options.handle(event);
  }

  /** Whether the event is one for the handler. */
  function isHandled(event: LoggedEvent): boolean {
    return 'handleLogged' in options || isApplicable(event);
  }

  /**
   * Tries the stopped streams again after each change of a quarantine. A released event was passed over, so its stream continues with
   * this event.
   */
  async function noteQuarantine(item: Item): Promise<void> {
    if (isUnreadable(item) || isQuarantined(item) || !isOfQuarantine(item.stream)) return;
    isResumeDue = true;
    const { data: released } = quarantinePayload.safeParse(item.payload);
    if (item.type !== 'EventReleased' || released === undefined) return;
    const { position, stream } = released;
    const isPassed = position < (stoppedStreams.get(stream)?.position ?? Number.POSITIVE_INFINITY);
    if (isPassed) await stop(released, 'it was released from quarantine');
  }

  async function stop(
    { stream, version, position }: Omit<StoppedStream, 'reason'>,
    reason: string,
  ): Promise<boolean> {
    const entry = { stream, version, position, reason };
    log.error(
      { follower: name, ...entry },
      `the stream ${stream} is stopped at position ${position}: ${reason}`,
    );
    const stored = await retried('storing a stopped stream', () => stopped.stop(name, entry));
    if (stored.done) stoppedStreams.set(stream, entry);
    return stored.done;
  }

  /** Handles the missed events of a stopped stream up to the position `until`, as far as that is possible now. */
  async function resume(entry: StoppedStream, until: number): Promise<void> {
    const { stream } = entry;
    // The next event to handle.
    let { version, position } = entry;
    try {
      for (;;) {
        position = (await store.positionOf(stream, version)) ?? position;
        const [event] = await store.readStream(stream, { fromVersion: version, limit: 1 });
        if (event === undefined || event.position > until) break;
        if (onReadable !== undefined) {
          await onReadable(event);
          return await forget(stream);
        }
        if (isHandled(event)) await handle([event]);
        version += 1;
      }
      await forget(stream);
    } catch (thrown) {
      const reason = isOfEvent(thrown) ? reasonOf(thrown) : entry.reason;
      const still = { stream, version, position, reason };
      stoppedStreams.set(stream, still);
      if (version !== entry.version || reason !== entry.reason)
        await retried('storing a stopped stream', () => stopped.stop(name, still));
      log.warn({ follower: name, stream, version, reason: reasonOf(thrown) }, 'a stream is still stopped');
    }
  }

  async function forget(stream: string): Promise<void> {
    await stopped.resume(name, stream);
    stoppedStreams.delete(stream);
    log.info({ follower: name, stream }, 'a stopped stream continues');
  }

  /**
   * Splits the items into parts; the events of a part are handled and retried together. An unreadable event is a separate part.
   */
  function partsOf(items: readonly Item[]): readonly (readonly Item[])[] {
    const parts: Item[][] = [];
    let isOpen = false;
    for (const item of items) {
      const isAlone = !isSliced || isUnreadable(item);
      const part = parts.at(-1);
      if (isAlone || !isOpen || part === undefined) parts.push([item]);
      else part.push(item);
      isOpen = !isAlone;
    }
    return parts;
  }

  // Retries until the work succeeds or following stops.
  async function retried<T>(what: string, work: () => Promise<T>): Promise<Retried<T>> {
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

type Item = LoggedEvent | UnreadableEvent;

type Retried<T> = { readonly done: true; readonly value: T } | { readonly done: false };
