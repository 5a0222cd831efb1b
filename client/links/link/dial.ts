// Trying several routes to one device at once, a little apart, the better ways with a head start; the first that proves
// to lead there wins.
import type { Route } from '../carrier.js';
import { abortFailure, type Failure, type FailureCode, failure, type LinkResult } from '../failure.js';

/** Routes that are tried one after the other, a little apart. */
export interface Lane<R extends Route> {
  readonly routes: readonly R[];
  /** Between two routes, unless the first fails sooner. */
  readonly staggerMs: number;
  /** The lanes before it have this long to themselves, unless all of them fail sooner. */
  readonly afterMs: number;
}

export interface DialOptions<R extends Route, T> {
  /** The preferred ones first. */
  readonly lanes: readonly Lane<R>[];
  /** One whole attempt, handshake included. Never rejects; ends soon after its signal is aborted. */
  readonly attempt: (route: R, signal: AbortSignal) => Promise<LinkResult<T>>;
  /** Each route that led nowhere while no other had won. */
  readonly onFailed: (route: R, failure: Failure) => void;
  /** Closes what an attempt achieved too late. */
  readonly discard: (value: T) => void;
  readonly signal: AbortSignal;
}

// If all fail, the person sees the most telling reason: what the device itself said, else the strangest.
const MOST_TELLING: readonly FailureCode[] = [
  'not-introduced',
  'unwanted',
  'malformed',
  'wrong-key',
  'corrupted',
  'handshake-failed',
  'timeout',
  'left',
  'closed',
];

/** What the first good route gave, the others being aborted; or why none was good. Aborted by `signal` as a whole. */
export function dial<R extends Route, T>(
  options: DialOptions<R, T>,
): Promise<LinkResult<{ readonly route: R; readonly value: T }>> {
  const { signal } = options;
  const lanes = options.lanes
    .filter(({ routes }) => routes.length > 0)
    .map((lane) => ({ ...lane, started: 0, failed: 0 }));
  type Progress = (typeof lanes)[number];
  return new Promise((resolve) => {
    const running = new Set<AbortController>();
    const failures: Failure[] = [];
    const timers = new Set<NodeJS.Timeout>();
    let isSettled = false;

    const settle = (outcome: LinkResult<{ readonly route: R; readonly value: T }>): void => {
      isSettled = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      for (const attempt of running) attempt.abort();
      resolve(outcome);
    };
    const abort = (): void => settle({ ok: false, failure: abortFailure(signal) });
    const later = (delayMs: number, run: () => void): void => {
      timers.add(setTimeout(run, delayMs));
    };
    const goOn = (lane: Progress): void => {
      if (lane.started < lane.routes.length) {
        start(lane);
        return;
      }
      if (!hasFailed(lane)) return;
      const next = lanes.find((each) => !hasFailed(each));
      if (next === undefined) settle({ ok: false, failure: mostTelling(failures) });
      else if (next.started === 0) start(next);
    };
    const finish = (lane: Progress, route: R, outcome: LinkResult<T>): void => {
      if (isSettled) {
        if (outcome.ok) options.discard(outcome.value);
      } else if (outcome.ok) {
        settle({ ok: true, value: { route, value: outcome.value } });
      } else {
        lane.failed += 1;
        failures.push(outcome.failure);
        options.onFailed(route, outcome.failure);
        goOn(lane);
      }
    };
    const start = (lane: Progress): void => {
      const number = lane.started;
      const route = lane.routes[number];
      if (route === undefined) return;
      lane.started += 1;
      later(lane.staggerMs, () => {
        if (lane.started === number + 1) start(lane);
      });
      const attempt = new AbortController();
      running.add(attempt);
      void options.attempt(route, attempt.signal).then((outcome) => {
        running.delete(attempt);
        return finish(lane, route, outcome);
      });
    };

    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else if (lanes.length === 0) settle({ ok: false, failure: failure('unreachable', 'it gave no address') });
    for (const [number, lane] of lanes.entries()) {
      if (isSettled) return;
      if (number === 0) start(lane);
      else
        later(lane.afterMs, () => {
          if (lane.started === 0) start(lane);
        });
    }
  });
}

const hasFailed = (lane: { readonly routes: readonly Route[]; readonly failed: number }): boolean =>
  lane.failed === lane.routes.length;

function mostTelling(failures: readonly Failure[]): Failure {
  for (const code of MOST_TELLING) {
    const found = failures.find((each) => each.code === code);
    if (found !== undefined) return found;
  }
  return failures[0] ?? failure('unreachable');
}
