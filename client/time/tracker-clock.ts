// The tracker's clock as this terminal knows it: every answer of the tracker names its time. Between answers a steady clock
// counts on, so that a change of the machine's clock has no effect. It asks for nothing itself.
import { createEmitter, type Subscribable } from '../../core/emitter.js';
import type { Clock } from '../../core/time/clock.js';

/** `unknown`: no answer has come yet. `untold`: the tracker is of an older version, whose answers name no time. */
export type TrackerClockState = 'unknown' | 'untold' | 'told';

export interface TrackerClockEvents {
  /** The state changed: the tracker answered for the first time, or a newer tracker that tells its time replaced an older one. */
  settled: undefined;
  /** The time now is earlier or later than the time before by at least a second. */
  moved: undefined;
}

export interface TrackerClock extends Clock {
  /** The tracker's time in milliseconds since the epoch; the time of the machine's clock until the tracker has told it. */
  now(): number;
  readonly state: TrackerClockState;
  /** The machine's own clock. */
  readonly machine: Clock;
  /** The tracker's time minus the time of the machine's clock, in milliseconds; null until it was told. */
  readonly leadMs: number | null;
  readonly events: Subscribable<TrackerClockEvents>;
  /** Call it before a request is sent; pass the time in the answer to the function returned, undefined if it names none. */
  measure(): (toldMs: number | undefined) => void;
}

export interface TrackerClockParts {
  readonly machine: Clock;
  /** For durations; it never goes back. */
  readonly steady: Clock;
  /** Runs work that nothing waits for. */
  readonly run: (work: Promise<unknown>) => void;
}

interface Sample {
  /** The tracker's time minus the steady clock's. */
  readonly offsetMs: number;
  /** The time between the request and its answer. The offset is wrong by at most half of it. */
  readonly tripMs: number;
  /** By the steady clock. */
  readonly at: number;
}

/** A more exact sample is kept this long. */
const KEPT_MS = 300_000;
/** A difference that no uncertainty of the samples explains means that the tracker's clock was set. */
const MOVED_MS = 1_000;

export function createTrackerClock({ machine, steady, run }: TrackerClockParts): TrackerClock {
  const events = createEmitter<TrackerClockEvents>();
  let state: TrackerClockState = 'unknown';
  let sample: Sample | null = null;

  const now = (): number => (sample === null ? machine.now() : Math.round(steady.now() + sample.offsetMs));

  function adopt(next: Sample): void {
    const before = now();
    sample = next;
    if (Math.abs(now() - before) >= MOVED_MS) run(events.emit('moved', undefined));
  }

  /** Whether the new sample says more than the present one. */
  function isBetter(next: Sample, present: Sample): boolean {
    const uncertainMs = (next.tripMs + present.tripMs) / 2;
    const isContradiction = Math.abs(next.offsetMs - present.offsetMs) > uncertainMs + MOVED_MS;
    return isContradiction || next.tripMs <= present.tripMs || next.at - present.at > KEPT_MS;
  }

  function settle(as: 'told' | 'untold'): void {
    if (state === as || state === 'told') return;
    state = as;
    run(events.emit('settled', undefined));
  }

  return {
    now,
    machine,
    events,
    get state() {
      return state;
    },
    get leadMs() {
      return sample === null ? null : now() - machine.now();
    },
    measure() {
      const sentAt = steady.now();
      return (toldMs) => {
        if (toldMs !== undefined) {
          const at = steady.now();
          const tripMs = at - sentAt;
          const next = { offsetMs: toldMs - (sentAt + tripMs / 2), tripMs, at };
          if (sample === null || isBetter(next, sample)) adopt(next);
        }
        settle(toldMs === undefined ? 'untold' : 'told');
      };
    },
  };
}
