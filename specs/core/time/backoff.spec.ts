import test from 'ava';
import { createBackoff } from '../../../core/time/backoff.js';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

test('backoff: each delay is twice the last, up to the maximum', (t) => {
  const backoff = createBackoff({ firstMs: 100, longestMs: 1_000 });
  t.deepEqual(
    take(6, () => backoff.next()),
    [100, 200, 400, 800, 1_000, 1_000],
  );
});

test('backoff: after a reset, the first delay is used again', (t) => {
  const backoff = createBackoff({ firstMs: 100, longestMs: 1_000 });
  take(4, () => backoff.next());
  backoff.reset();
  t.is(backoff.next(), 100);
});

test('backoff: jitter shortens a delay by up to half', (t) => {
  for (const [random, first] of [
    [0, 50],
    [0.5, 75],
    [0.999, 99.95],
  ] as const) {
    t.is(createBackoff({ firstMs: 100, longestMs: 1_000, jitter: () => random }).next(), first);
  }
});
