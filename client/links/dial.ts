// Trying several routes to one device at once, a little apart; the first that proves to lead there wins.
import type { Route } from './carrier.js';
import { abortFailure, type Failure, type FailureCode, failure, type Outcome } from './failure.js';

export interface DialOptions<R extends Route, T> {
  readonly routes: readonly R[];
  /** One whole attempt, handshake included. Never rejects; ends soon after its signal is aborted. */
  readonly attempt: (route: R, signal: AbortSignal) => Promise<Outcome<T>>;
  /** Each route that led nowhere while no other had won. */
  readonly onFailed: (route: R, failure: Failure) => void;
  /** Closes what an attempt achieved too late. */
  readonly discard: (value: T) => void;
  readonly staggerMs: number;
  readonly signal: AbortSignal;
}

// If all fail, the person sees the most telling reason: what the device itself said, else the strangest.
const MOST_TELLING: readonly FailureCode[] = [
  'not-introduced',
  'malformed',
  'wrong-key',
  'corrupted',
  'handshake-failed',
  'timeout',
  'closed',
];

/** What the first good route gave, the others being aborted; or why none was good. Aborted by `signal` as a whole. */
export function dial<R extends Route, T>(
  options: DialOptions<R, T>,
): Promise<Outcome<{ readonly route: R; readonly value: T }>> {
  const { routes, signal } = options;
  return new Promise((resolve) => {
    const running = new Set<AbortController>();
    const failures: Failure[] = [];
    let started = 0;
    let isSettled = false;
    let timer: NodeJS.Timeout | undefined;

    const settle = (outcome: Outcome<{ readonly route: R; readonly value: T }>): void => {
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      for (const attempt of running) attempt.abort();
      resolve(outcome);
    };
    const abort = (): void => settle({ ok: false, failure: abortFailure(signal) });
    const finish = (route: R, outcome: Outcome<T>): void => {
      if (isSettled) {
        if (outcome.ok) options.discard(outcome.value);
      } else if (outcome.ok) {
        settle({ ok: true, value: { route, value: outcome.value } });
      } else {
        failures.push(outcome.failure);
        options.onFailed(route, outcome.failure);
        if (started < routes.length) start();
        else if (failures.length === routes.length) settle({ ok: false, failure: mostTelling(failures) });
      }
    };
    const start = (): void => {
      clearTimeout(timer);
      const route = routes[started];
      if (route === undefined) return;
      started += 1;
      if (started < routes.length) timer = setTimeout(start, options.staggerMs);
      const attempt = new AbortController();
      running.add(attempt);
      void options.attempt(route, attempt.signal).then((outcome) => {
        running.delete(attempt);
        return finish(route, outcome);
      });
    };

    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else if (routes.length === 0)
      settle({ ok: false, failure: failure('unreachable', 'it gave no address') });
    else start();
  });
}

function mostTelling(failures: readonly Failure[]): Failure {
  for (const code of MOST_TELLING) {
    const found = failures.find((each) => each.code === code);
    if (found !== undefined) return found;
  }
  return failures[0] ?? failure('unreachable');
}
