import test from 'ava';
import { createSteadyClock } from '../../../core/time/steady-clock.js';

const HOUR_MS = 3_600_000;

function machine() {
  const at = { wall: 1_700_000_000_000, monotonic: 5_000, uptime: 90_000 };
  const clock = createSteadyClock({
    wall: { now: () => at.wall },
    monotonicMs: () => at.monotonic,
    uptimeMs: () => Math.floor(at.uptime / 1_000) * 1_000,
  });
  const start = clock.now();
  return {
    at,
    start,
    passed: () => clock.now() - start,
    runs: (ms: number): void => {
      at.wall += ms;
      at.monotonic += ms;
      at.uptime += ms;
    },
    sleeps: (ms: number): void => {
      at.wall += ms;
      at.uptime += ms;
    },
  };
}

test('steady clock: it starts with the time of the machine and runs with it', (t) => {
  const { start, passed, runs } = machine();
  t.is(start, 1_700_000_000_000);
  runs(1_234);
  t.is(passed(), 1_234);
});

test('steady clock: given a clock that is set, then the time goes on as before', (t) => {
  const { at, passed, runs } = machine();
  for (const stepMs of [-10 * 365 * 24 * HOUR_MS, 3_000, 86_400_000, -1_500]) {
    const before = passed();
    at.wall += stepMs;
    t.is(passed(), before);
    runs(10_000);
    t.is(passed(), before + 10_000);
  }
});

test('steady clock: given a machine that slept, then the time of the sleep counts, to the second', (t) => {
  const { passed, runs, sleeps } = machine();
  runs(7_500);
  sleeps(8 * HOUR_MS);
  runs(500);
  t.true(Math.abs(passed() - 8 * HOUR_MS - 8_000) <= 1_000);
});

test('steady clock: given a clock that is set while the machine sleeps, then only the sleep counts', (t) => {
  const { at, passed, sleeps } = machine();
  sleeps(HOUR_MS);
  at.wall -= 400 * 86_400_000;
  t.true(Math.abs(passed() - HOUR_MS) <= 1_000);
});
