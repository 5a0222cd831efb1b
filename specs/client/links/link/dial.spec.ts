import test from 'ava';
import type { Route } from '../../../../client/links/carrier.js';
import { dial } from '../../../../client/links/link/dial.js';
import { type Failure, failure, type LinkResult } from '../../../../client/links/failure.js';
import { keepAliveSchedule } from '../../../../core/time/clock.js';
import { until } from '../../../support/until.js';

const route = (to: string): Route => ({
  to,
  connect: () => Promise.reject(new Error('not dialled in this spec')),
});
const gone = failure('closed', 'aborted');

// Dials one route for each entry of `results`. A route ends with the result stored under its name; with null it waits until it is
// aborted.
function run(
  results: Readonly<Record<string, LinkResult<string> | null>>,
  staggerMs: number,
  {
    signal = new AbortController().signal,
    lanes = [Object.keys(results)],
    headStartMs = 60_000,
  }: {
    readonly signal?: AbortSignal;
    readonly lanes?: readonly (readonly string[])[];
    readonly headStartMs?: number;
  } = {},
) {
  const begun: string[] = [];
  const aborted: string[] = [];
  const discarded: string[] = [];
  const failed: Failure[] = [];
  const result = dial<Route, string>({
    lanes: lanes.map((names, number) => ({
      routes: names.map(route),
      afterMs: number * headStartMs,
      staggerMs,
    })),
    schedule: keepAliveSchedule,
    connect: ({ to }, unwanted) => {
      begun.push(to);
      const answer = results[to];
      if (answer) return Promise.resolve(answer);
      return new Promise((resolve) => {
        unwanted.addEventListener('abort', () => {
          aborted.push(to);
          resolve(to === 'late' ? { ok: true, value: to } : { ok: false, failure: gone });
        });
      });
    },
    onFailed: (_, reason) => failed.push(reason),
    discard: (value) => discarded.push(value),
    signal,
  });
  return { result, begun, aborted, discarded, failed };
}

const good = (value: string): LinkResult<string> => ({ ok: true, value });
const bad = (code: Failure['code']): LinkResult<string> => ({ ok: false, failure: failure(code) });

test('dial: given a silent route, then the next is tried in parallel, and the winner aborts the others', async (t) => {
  const { result, begun, aborted } = run({ silent: null, good: good('open') }, 5);
  t.like(await result, { ok: true, value: { value: 'open', route: { to: 'good' } } });
  t.deepEqual(begun, ['silent', 'good']);
  t.deepEqual(aborted, ['silent']);
});

test('dial: given a first route that succeeds, then no other is tried', async (t) => {
  const { result, begun } = run({ good: good('open'), other: null }, 60_000);
  t.true((await result).ok);
  t.deepEqual(begun, ['good']);
});

test('dial: given a route that fails, then the next is tried at once', async (t) => {
  const { result, failed } = run({ bad: bad('unreachable'), good: good('open') }, 60_000);
  t.true((await result).ok);
  t.is(failed.length, 1);
});

test('dial: given routes that all fail, then the most informative reason is returned and each failure is reported', async (t) => {
  const { result, failed } = run({ a: bad('unreachable'), b: bad('wrong-key'), c: bad('timeout') }, 0);
  t.like(await result, { ok: false, failure: { code: 'wrong-key' } });
  t.is(failed.length, 3);
});

test('dial: given no route, then the device is unreachable', async (t) => {
  t.like(await run({}, 0).result, { ok: false, failure: { code: 'unreachable' } });
});

test('dial: given a second success after the first, then it is discarded', async (t) => {
  const { result, discarded } = run({ late: null, good: good('open') }, 5);
  t.true((await result).ok);
  await until(() => discarded.length > 0, 'the late one to be discarded');
  t.deepEqual(discarded, ['late']);
});

test('dial: given running attempts, when the dialling is aborted, then all of them are aborted', async (t) => {
  const unwanted = new AbortController();
  const { result, aborted, begun } = run({ a: null, b: null }, 0, { signal: unwanted.signal });
  await until(() => begun.length === 2, 'both attempts');
  unwanted.abort();
  t.like(await result, { ok: false, failure: { code: 'closed' } });
  t.deepEqual(aborted, ['a', 'b']);
});

test('dial: given a silent preferred lane, then the next one is tried in parallel after the head start', async (t) => {
  const results = { silent: null, other: null, good: good('open') };
  const lanes = [['silent', 'other'], ['good']];
  const { result, begun, aborted } = run(results, 60_000, { lanes, headStartMs: 5 });
  t.like(await result, { ok: true, value: { route: { to: 'good' } } });
  t.deepEqual(begun, ['silent', 'good']);
  t.deepEqual(aborted, ['silent']);
});

test('dial: given a preferred lane whose routes all fail, then the next one does not wait for its head start', async (t) => {
  const results = { a: bad('unreachable'), b: bad('timeout'), good: good('open') };
  const { result, begun, failed } = run(results, 60_000, { lanes: [['a', 'b'], [], ['good']] });
  t.like(await result, { ok: true, value: { route: { to: 'good' } } });
  t.deepEqual(begun, ['a', 'b', 'good']);
  t.is(failed.length, 2);
});

test('dial: given a second lane that fails while the first still tries, then the dialling continues', async (t) => {
  const waiting = new AbortController();
  const results = { slow: null, quick: bad('unreachable') };
  const options = { lanes: [['slow'], ['quick']], headStartMs: 0, signal: waiting.signal };
  const { result, begun, failed } = run(results, 60_000, options);
  await until(() => failed.length === 1, 'the quick failure');
  t.deepEqual(begun, ['slow', 'quick']);
  waiting.abort();
  t.false((await result).ok);
});
