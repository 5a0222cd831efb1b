import test from 'ava';
import * as fc from 'fast-check';
import { inWords } from '../../../actors/admission/duration.js';

const told = (seconds: number): string => inWords(seconds * 1_000);

test('duration: it is told in the unit that people would use', (t) => {
  t.deepEqual([0.001, 1, 1.5, 40, 119, 120, 121, 900, 3_600, 7_200, 7_201, 172_800, 172_801].map(told), [
    '1 second',
    '1 second',
    '2 seconds',
    '40 seconds',
    '119 seconds',
    '2 minutes',
    '3 minutes',
    '15 minutes',
    '60 minutes',
    '120 minutes',
    '3 hours',
    '48 hours',
    '3 days',
  ]);
});

test('duration: who waits as long as it says has waited long enough', (t) => {
  const unit = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 * unit.day }), (durationMs) => {
      const [, count, name] = /^(\d+) (second|minute|hour|day)s?$/.exec(inWords(durationMs)) ?? [];
      const found = Object.entries(unit).find(([one]) => one === name);
      t.true(Number(count) * (found?.[1] ?? 0) >= durationMs);
    }),
  );
});
