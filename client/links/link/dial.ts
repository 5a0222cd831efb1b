// Dialling: connection attempts over several routes to one device, staggered, with a head start for preferred carriers. The first
// route that reaches the device wins.
import type { Schedule } from '../../../core/time/clock.js';
import type { Route } from '../carrier.js';
import { abortFailure, type Failure, type FailureCode, failure, type LinkResult } from '../failure.js';

/** Routes of one carrier, tried one after the other with a delay between them. */
export interface Lane<R extends Route> {
  readonly routes: readonly R[];
  /** The delay before the next route is tried, unless the previous route fails sooner. */
  readonly staggerMs: number;
  /** The time that the earlier lanes have before this lane starts, unless all of them fail sooner. */
  readonly afterMs: number;
}

export interface DialOptions<R extends Route, T> {
  readonly schedule: Schedule;
  /** The routes, preferred carriers first. */
  readonly lanes: readonly Lane<R>[];
  /** One complete attempt, including the handshake. Never rejects; ends soon after its signal is aborted. */
  readonly connect: (route: R, signal: AbortSignal) => Promise<LinkResult<T>>;
  /** Called for each route that fails before another route succeeds. */
  readonly onFailed: (route: R, failure: Failure) => void;
  /** Closes the result of an attempt that succeeds too late, after another attempt has succeeded. */
  readonly discard: (value: T) => void;
  readonly signal: AbortSignal;
}

// Failures in order, the most informative first: the user sees the first one of them if all routes fail. An answer of the device
// itself comes first, common failures come last.
const MOST_INFORMATIVE: readonly FailureCode[] = [
  'not-introduced',
  'unwanted',
  'stalled',
  'malformed',
  'wrong-key',
  'corrupted',
  'handshake-failed',
  'abandoned',
  'timeout',
  'left',
  'closed',
];

/**
 * Resolves with the result of the first route that succeeds, and aborts the other routes. If all routes fail, resolves with the
 * most informative failure. `signal` aborts all routes.
 */
export function dial<R extends Route, T>(
  options: DialOptions<R, T>,
): Promise<LinkResult<{ readonly route: R; readonly value: T }>> {
  const { schedule, signal } = options;
  const lanes = options.lanes
    .filter(({ routes }) => routes.length > 0)
    .map((lane) => ({ ...lane, started: 0, failed: 0 }));
  type Progress = (typeof lanes)[number];
  return new Promise((resolve) => {
    const running = new Set<AbortController>();
    const failures: Failure[] = [];
    const timers: (() => void)[] = [];
    let isSettled = false;

    const settle = (result: LinkResult<{ readonly route: R; readonly value: T }>): void => {
      isSettled = true;
      for (const cancel of timers) cancel();
      signal.removeEventListener('abort', abort);
      for (const connecting of running) connecting.abort();
      resolve(result);
    };
    const abort = (): void => settle({ ok: false, failure: abortFailure(signal) });
    const later = (delayMs: number, run: () => void): void => {
      timers.push(schedule(delayMs, run));
    };
    const startNext = (lane: Progress): void => {
      if (lane.started < lane.routes.length) {
        start(lane);
        return;
      }
      if (!hasFailed(lane)) return;
      const next = lanes.find((each) => !hasFailed(each));
      if (next === undefined) settle({ ok: false, failure: mostInformative(failures) });
      else if (next.started === 0) start(next);
    };
    const finish = (lane: Progress, route: R, result: LinkResult<T>): void => {
      if (isSettled) {
        if (result.ok) options.discard(result.value);
      } else if (result.ok) {
        settle({ ok: true, value: { route, value: result.value } });
      } else {
        lane.failed += 1;
        failures.push(result.failure);
        options.onFailed(route, result.failure);
        startNext(lane);
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
      const connecting = new AbortController();
      running.add(connecting);
      void options.connect(route, connecting.signal).then((result) => {
        running.delete(connecting);
        return finish(lane, route, result);
      });
    };

    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else if (lanes.length === 0)
      settle({ ok: false, failure: failure('unreachable', 'it announced no address') });
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

function mostInformative(failures: readonly Failure[]): Failure {
  for (const code of MOST_INFORMATIVE) {
    const found = failures.find((each) => each.code === code);
    if (found !== undefined) return found;
  }
  return failures[0] ?? failure('unreachable');
}
