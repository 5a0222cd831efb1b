import test from 'ava';
import { createRestartableBackoff } from '../../../../client/links/link/backoff.js';
import { createTime } from '../../../support/time.js';

const options = { firstMs: 3, longestMs: 20 };

/** A backoff whose delays pass when the spec says so. */
function start() {
  const time = createTime();
  return { time, backoff: createRestartableBackoff(time, time.schedule, options) };
}

/** Waits `ms` and returns whether the wait is over by then. */
async function isOverAfter(time: ReturnType<typeof createTime>, wait: Promise<boolean>, ms: number) {
  let isOver = false;
  const watch = async (): Promise<void> => {
    isOver = await wait;
  };
  void watch();
  await time.pass(ms - 1);
  if (isOver) return false;
  await time.pass(1);
  return isOver;
}

test('backoff: given waits one after the other, then each is twice as long as the last, up to the longest', async (t) => {
  const { time, backoff } = start();
  const { signal } = new AbortController();
  for (const ms of [3, 6, 12, 20, 20]) t.true(await isOverAfter(time, backoff.wait(signal), ms));
});

test('backoff: given a restart during a wait, then that wait starts over with the first delay', async (t) => {
  const { time, backoff } = start();
  const aborted = new AbortController();
  t.true(await isOverAfter(time, backoff.wait(aborted.signal), 3));
  const wait = backoff.wait(aborted.signal);
  await time.pass(2);
  backoff.restart();
  t.true(await isOverAfter(time, wait, 3));
});

test('backoff: given a wait, when its signal is aborted, then it resolves false and no timer remains', async (t) => {
  const { time, backoff } = start();
  const aborted = new AbortController();
  const wait = backoff.wait(aborted.signal);
  aborted.abort();
  t.false(await wait);
  t.false(await backoff.wait(aborted.signal));
  t.is(time.pending(), 0);
});

test('backoff: given a restart between two waits, then the next is the shortest', async (t) => {
  const { time, backoff } = start();
  const { signal } = new AbortController();
  for (const ms of [3, 6, 12]) t.true(await isOverAfter(time, backoff.wait(signal), ms));
  backoff.restart();
  t.true(await isOverAfter(time, backoff.wait(signal), 3));
});

test('backoff: given a wait that is skipped, then it is over at once, and the next delay is the first', async (t) => {
  const { time, backoff } = start();
  const { signal } = new AbortController();
  for (const ms of [3, 6, 12]) t.true(await isOverAfter(time, backoff.wait(signal), ms));
  const wait = backoff.wait(signal);
  t.is(backoff.dueAt(), time.now() + 20);
  backoff.skip();
  t.true(await wait);
  t.is(backoff.dueAt(), null);
  t.true(await isOverAfter(time, backoff.wait(signal), 3));
});

test('backoff: given a skip between two waits, then the next wait is over at once', async (t) => {
  const { time, backoff } = start();
  const { signal } = new AbortController();
  backoff.skip();
  t.true(await backoff.wait(signal));
  t.true(await isOverAfter(time, backoff.wait(signal), 3));
});
