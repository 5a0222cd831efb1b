import test from 'ava';
import { createRestartableBackoff } from '../../../../client/links/link/backoff.js';

/** Pauses that are over as soon as they are told, or at once. */
function start({ isPatient = false } = {}) {
  const waited: number[] = [];
  const pauses = createRestartableBackoff({
    shortestMs: 3,
    longestMs: 20,
    wait(delayMs, signal) {
      waited.push(delayMs);
      if (!isPatient) return Promise.resolve(true);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(false)));
    },
  });
  return { waited, pauses };
}

test('pauses: each is twice as long as the last, up to the longest', async (t) => {
  const { waited, pauses } = start();
  const { signal } = new AbortController();
  for (let left = 5; left > 0; left -= 1) t.true(await pauses.next(signal));
  t.deepEqual(waited, [3, 6, 12, 20, 20]);
});

test('pauses: given new hope, then the one under way, and what follows it, begins with the shortest', async (t) => {
  const { waited, pauses } = start({ isPatient: true });
  const interest = new AbortController();
  const next = pauses.next(interest.signal);
  pauses.renew();
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(waited, [3, 3]);
  interest.abort();
  t.false(await next);
  t.false(await pauses.next(interest.signal));
  t.deepEqual(waited, [3, 3]);
});

test('pauses: given new hope between two, then the next is the shortest', async (t) => {
  const { waited, pauses } = start();
  const { signal } = new AbortController();
  for (let left = 3; left > 0; left -= 1) await pauses.next(signal);
  pauses.renew();
  await pauses.next(signal);
  t.deepEqual(waited, [3, 6, 12, 3]);
});
