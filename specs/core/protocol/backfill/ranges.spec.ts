import test from 'ava';
import * as fc from 'fast-check';
import { deviceIdSchema } from '../../../../core/ids.js';
import {
  deviceRangesSchema,
  rangesInclude,
  type Range,
  rangesFrom,
  subtractHeld,
  subtractRanges,
  writeRanges,
} from '../../../../core/protocol/backfill/ranges.js';

const device = deviceIdSchema.parse(`U${'A'.repeat(55)}`);

/** The ranges of a set of numbers. */
function rangesOf(numbers: readonly number[]): readonly Range[] {
  const ranges: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
const numbersOf = (ranges: readonly Range[]): readonly number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });

test('ranges: given any two sets, then subtraction, membership and cutting work as with sets', (t) => {
  fc.assert(
    fc.property(numbers, numbers, fc.integer({ min: 1, max: 60 }), (some, others, first) => {
      const left = subtractRanges(rangesOf(some), rangesOf(others));
      t.deepEqual(left, rangesOf(some.filter((one) => !others.includes(one))));
      const late = some.filter((one) => one >= first);
      t.deepEqual(numbersOf(rangesFrom(rangesOf(some), first)), numbersOf(rangesOf(late)));
      for (const one of others) {
        t.is(rangesInclude([{ device, ranges: rangesOf(some) }], device, one), some.includes(one));
      }
    }),
  );
  t.deepEqual(subtractHeld([{ device, ranges: [[1, 3]] }], [{ device, ranges: [[1, 5]] }]), []);
});

test('ranges: given written ranges of a device, then they are read back the same, and of too many the latest are kept', (t) => {
  fc.assert(
    fc.property(numbers, (some) => {
      const text = writeRanges({ device, ranges: rangesOf(some) });
      if (text === null) return some.length === 0;
      return JSON.stringify(deviceRangesSchema.parse(text).ranges) === JSON.stringify(rangesOf(some));
    }),
  );
  const many = Array.from({ length: 100 }, (_, index): Range => [index * 2 + 1, index * 2 + 1]);
  t.deepEqual(deviceRangesSchema.parse(writeRanges({ device, ranges: many })).ranges, many.slice(-64));
});

test('ranges: given a text that is not a list of ranges, then it is refused', (t) => {
  const wrong = [
    '',
    device,
    `${device} 0-1`,
    `${device} 2-1`,
    `${device} 1-3 2-5`,
    `${device} 1-2 3-4`,
    'x 1-2',
    7,
  ];
  for (const value of wrong) t.false(deviceRangesSchema.safeParse(value).success, String(value));
});
