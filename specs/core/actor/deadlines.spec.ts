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

test('deadlines: at the start those that have passed are told, and the next one is waited for', async (t) => {
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

test('deadlines: when the time has come, then the aggregate is told, and the one after it is waited for', async (t) => {
  const { deadlines, clock, told, timers, waiting } = scene([
    { id: 'a', at: 2_000 },
    { id: 'b', at: 5_000 },
  ]);
  await deadlines.review();
  clock.at = 2_000;
  timers.elapse();
  await until(() => told.length === 1, 'it is told');
  waiting.shift();
  await deadlines.review();
  t.deepEqual(told, ['a']);
  t.deepEqual(timers.delays(), [3_000], 'one timer at a time');
});

test('deadlines: one that is taken away is not told', async (t) => {
  const { deadlines, clock, told, timers, waiting } = scene([{ id: 'a', at: 2_000 }]);
  await deadlines.review();
  waiting.shift();
  clock.at = 2_000;
  timers.elapse();
  await deadlines.review();
  t.deepEqual(told, []);
});

test('deadlines: with none near it looks again within the hour, whatever the clock does', async (t) => {
  const { deadlines, timers } = scene([{ id: 'far', at: 1_000 * HOUR_MS }]);
  await deadlines.review();
  t.deepEqual(timers.delays(), [HOUR_MS]);
});

test('deadlines: a tick that fails holds up no other, and is told again at the next look', async (t) => {
  const { deadlines, told, failing } = scene([
    { id: 'a', at: 0 },
    { id: 'b', at: 0 },
  ]);
  failing.add('a');
  await deadlines.review();
  t.deepEqual(told, ['a', 'b']);
  await deadlines.review();
  t.deepEqual(told, ['a', 'b', 'a', 'b'], 'who still waits is told again');
});

test('deadlines: a table that cannot be read is read again later', async (t) => {
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

test('deadlines: stopped, it waits for nothing and tells nobody', async (t) => {
  const { deadlines, timers, told } = scene([{ id: 'a', at: 0 }]);
  await deadlines.review();
  deadlines.stop();
  t.deepEqual(timers.delays(), []);
  await deadlines.review();
  t.deepEqual(told, ['a']);
});
