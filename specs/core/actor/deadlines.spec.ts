import test from 'ava';
import { createDeadlines, type Deadline } from '../../../core/actor/deadlines.js';
import { silentLog } from '../../../core/log.js';
import { until } from '../../support/until.js';
import { handTimers } from '../../actors/timers.js';

const HOUR_MS = 3_600_000;

function scene(waiting: Deadline[]) {
  const timers = handTimers();
  const clock = { at: 1_000, now: () => clock.at };
  const told: string[] = [];
  const failing = new Set<string>();
  const deadlines = createDeadlines({
    waiting: async () => waiting,
    tick: async (id) => {
      told.push(id);
      if (failing.has(id)) throw new Error('the disk is full');
    },
    clock,
    schedule: timers.schedule,
    log: silentLog,
  });
  return { deadlines, clock, timers, told, failing, waiting };
}

test('deadlines: at the start, passed deadlines are delivered, and a timer waits for the next one', async (t) => {
  const { deadlines, told, timers } = scene([
    { id: 'late', at: 500 },
    { id: 'later', at: 9_000 },
    { id: 'next', at: 3_000 },
    { id: 'now', at: 1_000 },
  ]);
  await deadlines.review();
  t.deepEqual(told, ['late', 'now']);
  t.deepEqual(timers.delays(), [2_000]);
});

test('deadlines: when a deadline passes, then its aggregate is notified, and a timer waits for the next one', async (t) => {
  const { deadlines, clock, told, timers, waiting } = scene([
    { id: 'a', at: 2_000 },
    { id: 'b', at: 5_000 },
  ]);
  await deadlines.review();
  clock.at = 2_000;
  timers.elapse();
  await until(() => told.length === 1, 'it is notified');
  waiting.shift();
  await deadlines.review();
  t.deepEqual(told, ['a']);
  t.deepEqual(timers.delays(), [3_000], 'one timer at a time');
});

test('deadlines: a removed deadline is not delivered', async (t) => {
  const { deadlines, clock, told, timers, waiting } = scene([{ id: 'a', at: 2_000 }]);
  await deadlines.review();
  waiting.shift();
  clock.at = 2_000;
  timers.elapse();
  await deadlines.review();
  t.deepEqual(told, []);
});

test('deadlines: given no near deadline, then the table is read again within the hour, regardless of the clock', async (t) => {
  const { deadlines, timers } = scene([{ id: 'far', at: 1_000 * HOUR_MS }]);
  await deadlines.review();
  t.deepEqual(timers.delays(), [HOUR_MS]);
});

test('deadlines: given a tick that fails, then the others are delivered, and it is delivered again at the next check', async (t) => {
  const { deadlines, told, failing } = scene([
    { id: 'a', at: 0 },
    { id: 'b', at: 0 },
  ]);
  failing.add('a');
  await deadlines.review();
  t.deepEqual(told, ['a', 'b']);
  await deadlines.review();
  t.deepEqual(told, ['a', 'b', 'a', 'b'], 'the waiting deadline is delivered again');
});

test('deadlines: given a table that cannot be read, then it is read again later', async (t) => {
  const timers = handTimers();
  let isBroken = true;
  const told: string[] = [];
  const deadlines = createDeadlines({
    waiting: async () => {
      if (isBroken) throw new Error('the database is busy');
      return [{ id: 'a', at: 0 }];
    },
    tick: async (id) => told.push(id),
    clock: { now: () => 1 },
    schedule: timers.schedule,
    log: silentLog,
  });
  await deadlines.review();
  t.is(timers.delays().length, 1);
  isBroken = false;
  await deadlines.review();
  t.deepEqual(told, ['a']);
});

test('deadlines: given that it is stopped, then no timer runs and nothing is delivered', async (t) => {
  const { deadlines, timers, told } = scene([{ id: 'a', at: 0 }]);
  await deadlines.review();
  deadlines.stop();
  t.deepEqual(timers.delays(), []);
  await deadlines.review();
  t.deepEqual(told, ['a']);
});
