// This terminal's estimate of the tracker's clock. Every answer of the tracker contains the tracker's time. Between answers a
// steady clock measures the time that passes, so a change of the machine's clock has no effect. It sends no requests itself.
import { createEmitter, type Subscribable } from '../../core/emitter.js';
import type { Clock } from '../../core/time/clock.js';

/**
 * `unknown`: no answer has come yet. `reported`: an answer contained the tracker's time. `unreported`: an answer came without the time,
 * from a tracker of an older version.
 */
export type TrackerClockState = 'unknown' | 'unreported' | 'reported';

export interface TrackerClockEvents {
  /** `state` changed. The tracker answered for the first time, or it was upgraded to a version that sends its time. */
  settled: undefined;
  /** A new answer has moved the estimated time forward or back by at least a second. */
  moved: undefined;
}

export interface TrackerClock extends Clock {
  /**
   * The tracker's time in milliseconds since the epoch. Until the tracker has reported its time, the time of the machine's clock.
   */
  now(): number;
  readonly state: TrackerClockState;
  /** The machine's own clock. */
  readonly machine: Clock;
  /** The tracker's time minus the time of the machine's clock, in milliseconds; null until the tracker has reported its time. */
  readonly leadMs: number | null;
  readonly events: Subscribable<TrackerClockEvents>;
  /**
   * Call it before a request is sent. When the answer comes, call the returned function with the time in the answer; undefined if
   * the answer contains no time.
   */
  measure(): (reportedMs: number | undefined) => void;
}

export interface TrackerClockParts {
  readonly machine: Clock;
  /** A clock for durations, which never goes back. */
  readonly steady: Clock;
  /** Runs work that nothing waits for. */
  readonly run: (work: Promise<unknown>) => void;
}

interface Sample {
  /** The tracker's time minus the time of the steady clock. */
  readonly offsetMs: number;
  /** The time between the request and its answer. The error of the offset is at most half of this time. */
  readonly tripMs: number;
  /** The time of the sample on the steady clock. */
  readonly at: number;
}

/** A sample is kept for this long, even if newer samples are less exact. */
const KEPT_MS = 300_000;
/** If two samples differ by this much more than their uncertainty, the tracker's clock was set in between. */
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

  /** Whether the new sample should replace the present sample. */
  function isBetter(next: Sample, present: Sample): boolean {
    const uncertainMs = (next.tripMs + present.tripMs) / 2;
    const isContradiction = Math.abs(next.offsetMs - present.offsetMs) > uncertainMs + MOVED_MS;
    return isContradiction || next.tripMs <= present.tripMs || next.at - present.at > KEPT_MS;
  }

  function settle(as: 'reported' | 'unreported'): void {
    if (state === as || state === 'reported') return;
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
      return (reportedMs) => {
        if (reportedMs !== undefined) {
          const at = steady.now();
          const tripMs = at - sentAt;
          const next = { offsetMs: reportedMs - (sentAt + tripMs / 2), tripMs, at };
          if (sample === null || isBetter(next, sample)) adopt(next);
        }
        settle(reportedMs === undefined ? 'unreported' : 'reported');
      };
    },
  };
}
