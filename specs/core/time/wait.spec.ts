import test from 'ava';
import { createChanges, delay, every, withDeadline } from '../../../core/time/wait.js';
import { createTime } from '../../support/time.js';

const timeout = (): Error => new Error('too slow');

test('wait: a delay resolves true when its time has passed, and false when it is aborted', async (t) => {
  const time = createTime();
  const abort = new AbortController();
  const delays = [delay(time.schedule, 100), delay(time.schedule, 100, abort.signal)];
  abort.abort();
  await time.pass(100);
  t.deepEqual(await Promise.all(delays), [true, false]);
  t.false(await delay(time.schedule, 100, abort.signal));
  t.is(time.pending(), 0);
});

test('wait: a task is repeated until it is ended', async (t) => {
  const time = createTime();
  const calls: number[] = [];
  const end = every(time.schedule, 10, () => {
    calls.push(time.now());
    if (calls.length === 3) end();
  });
  const start = time.now();
  await time.pass(100);
  t.deepEqual(calls, [start + 10, start + 20, start + 30]);
  t.is(time.pending(), 0);
});

test('wait: a condition is tested at once, at each change and at the deadline', async (t) => {
  const time = createTime();
  const changes = createChanges(time.schedule);
  let isMet = false;
  const waits = [changes.until(() => isMet, 100), changes.until(() => isMet, 50)];
  changes.notify();
  await time.pass(50);
  isMet = true;
  t.true(await changes.until(() => isMet, 100));
  changes.notify();
  t.deepEqual(await Promise.all(waits), [true, false]);
  t.is(time.pending(), 0);
});

test('wait: closing ends every wait, present and future', async (t) => {
  const time = createTime();
  const changes = createChanges(time.schedule);
  const wait = changes.until(() => false, 100);
  changes.close();
  t.false(await wait);
  t.false(await changes.until(() => false, 100));
  t.true(await changes.until(() => true, 100));
  t.is(time.pending(), 0);
});

test('wait: given a deadline, then the signal is aborted with its error', async (t) => {
  const time = createTime();
  const work = withDeadline(time.schedule, 100, { timeout }, (signal) => {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  });
  const failure = t.throwsAsync(work, { message: 'too slow' });
  await time.pass(100);
  await failure;
});

test('wait: given an outer signal, then its reason aborts the work, even if it was aborted before', async (t) => {
  const time = createTime();
  const outer = new AbortController();
  outer.abort(new Error('closed'));
  const options = { outer: outer.signal, timeout };
  await t.throwsAsync(
    withDeadline(time.schedule, 100, options, async (signal) => signal.throwIfAborted()),
    { message: 'closed' },
  );
  t.is(time.pending(), 0);
});
