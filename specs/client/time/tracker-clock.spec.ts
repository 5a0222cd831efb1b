import test from 'ava';
import { createTrackerClock } from '../../../client/time/tracker-clock.js';

const DAY_MS = 86_400_000;
const START_MS = 1_700_000_000_000;

function scene(machineAheadMs = 0) {
  const at = { true: START_MS, machineAheadMs, trackerAheadMs: 0 };
  const events: string[] = [];
  const clock = createTrackerClock({
    machine: { now: () => at.true + at.machineAheadMs },
    steady: { now: () => at.true - START_MS },
    run: (work) => void work,
  });
  clock.events.on('settled', () => void events.push('settled'));
  clock.events.on('moved', () => void events.push('moved'));
  return {
    at,
    clock,
    events,
    /** One request and its answer, each of which takes its own time. */
    asks: (thereMs: number, backMs: number): void => {
      const measured = clock.measure();
      at.true += thereMs;
      const told = at.true + at.trackerAheadMs;
      at.true += backMs;
      measured(told);
    },
  };
}

test('tracker clock: given no answer yet, then it is the clock of the machine', (t) => {
  const { clock, at } = scene(3 * DAY_MS);
  t.is(clock.state, 'unknown');
  t.is(clock.now(), at.true + 3 * DAY_MS);
  t.is(clock.leadMs, null);
});

test('tracker clock: given a machine that is days off, when the tracker answers, then it says the time of the tracker', (t) => {
  for (const aheadMs of [2 * DAY_MS, -365 * DAY_MS, 3_650 * DAY_MS]) {
    const { clock, at, events, asks } = scene(aheadMs);
    asks(10, 10);
    t.is(clock.state, 'reported');
    t.is(clock.now(), at.true);
    t.is(clock.leadMs, -aheadMs);
    t.deepEqual(events, ['moved', 'settled']);
  }
});

test('tracker clock: given the time of the tracker, when the clock of the machine is set, then nothing changes', (t) => {
  const { clock, at, events, asks } = scene();
  asks(10, 10);
  at.machineAheadMs = -9 * 365 * DAY_MS;
  at.true += 5_000;
  t.is(clock.now(), at.true);
  asks(10, 10);
  t.is(clock.now(), at.true);
  t.deepEqual(events, ['settled']);
});

test('tracker clock: given slow answers after quick ones, then the quick ones count, but not for ever', (t) => {
  const { clock, at, asks } = scene();
  asks(5, 5);
  asks(0, 4_000);
  t.is(clock.now(), at.true, 'the slow answer would make it two seconds wrong');
  at.true += 300_000;
  asks(0, 100);
  t.is(clock.now(), at.true - 50);
});

test('tracker clock: given a tracker whose clock is set, then the next answer moves the time', (t) => {
  const { clock, at, events, asks } = scene();
  asks(5, 5);
  for (const aheadMs of [DAY_MS, -DAY_MS, 0]) {
    at.trackerAheadMs = aheadMs;
    asks(300, 300);
    t.is(clock.now(), at.true + aheadMs);
  }
  t.deepEqual(events, ['settled', 'moved', 'moved', 'moved']);
});

test('tracker clock: given an older tracker that names no time, then the clock of the machine stays', (t) => {
  const { clock, at, events } = scene(DAY_MS);
  clock.measure()(undefined);
  t.is(clock.state, 'unreported');
  t.is(clock.now(), at.true + DAY_MS);
  t.deepEqual(events, ['settled']);
});

test('tracker clock: given an older tracker that is replaced by one that names the time, then the clock settles again, once', (t) => {
  const { clock, asks, events } = scene();
  clock.measure()(undefined);
  clock.measure()(undefined);
  t.deepEqual(events, ['settled']);
  asks(10, 10);
  asks(10, 10);
  clock.measure()(undefined);
  t.is(clock.state, 'reported');
  t.deepEqual(events, ['settled', 'settled']);
});
