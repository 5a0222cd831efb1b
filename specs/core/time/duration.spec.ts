import test from 'ava';
import * as fc from 'fast-check';
import { elapsedTime, exactDuration, parseDuration, waitingTime } from '../../../core/time/duration.js';

const SECOND_MS = 1_000;
const UNITS_MS = { second: SECOND_MS, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

test('duration: a number and a unit are parsed', (t) => {
  t.is(parseDuration('0m'), 0);
  t.is(parseDuration('30s'), 30_000);
  t.is(parseDuration('90m'), 5_400_000);
  t.is(parseDuration('24H'), 86_400_000);
  t.is(parseDuration('7d'), 604_800_000);
});

test('duration: any other text is refused', (t) => {
  for (const text of ['', '0', '-1h', '1', 'h', '1.5h', '1 h', '1w', '1234567890d', '1h\n', 'constructor']) {
    t.is(parseDuration(text), null, text);
  }
});

const table: readonly (readonly [print: (durationMs: number) => string, seconds: number, text: string])[] = [
  [exactDuration, 1, '1 second'],
  [exactDuration, 90, '90 seconds'],
  [exactDuration, 5_400, '90 minutes'],
  [exactDuration, 7_200, '2 hours'],
  [exactDuration, 604_800, '7 days'],
  [waitingTime, 0.001, '1 second'],
  [waitingTime, 1, '1 second'],
  [waitingTime, 1.5, '2 seconds'],
  [waitingTime, 119, '119 seconds'],
  [waitingTime, 120, '2 minutes'],
  [waitingTime, 121, '3 minutes'],
  [waitingTime, 900, '15 minutes'],
  [waitingTime, 3_600, '60 minutes'],
  [waitingTime, 7_200, '120 minutes'],
  [waitingTime, 7_201, '3 hours'],
  [waitingTime, 172_800, '48 hours'],
  [waitingTime, 172_801, '3 days'],
  [elapsedTime, 0, '0 s'],
  [elapsedTime, 42, '42 s'],
  [elapsedTime, 185, '3 min 5 s'],
  [elapsedTime, 7_800, '2 h 10 min'],
];

for (const [print, seconds, text] of table) {
  test(`duration: ${print.name} prints ${seconds} s as ${text}`, (t) => {
    t.is(print(seconds * SECOND_MS), text);
  });
}

test('duration: waiting for the time that waitingTime prints is enough', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 * UNITS_MS.day }), (durationMs) => {
      const [, count, name] = /^(\d+) (second|minute|hour|day)s?$/.exec(waitingTime(durationMs)) ?? [];
      const found = Object.entries(UNITS_MS).find(([one]) => one === name);
      t.true(Number(count) * (found?.[1] ?? 0) >= durationMs);
    }),
  );
});
