import test from 'ava';
import * as fc from 'fast-check';
import {
  createHybridClock,
  type Hlc,
  hlcSchema,
  millisecondsOf,
} from '../../../../core/protocol/message/hlc.js';
import { hlcs } from '../arbitraries.js';

const NOW = 1_700_000_000_000;
/** The maximum time by which a timestamp of this terminal may be ahead of its clock. */
const LEAD_MS = 45_000;

function at(start: number) {
  const wall = { ms: start, now: () => wall.ms };
  return { wall, hybrid: createHybridClock(wall) };
}
const stamp = (ms: number, counter = 0): Hlc =>
  hlcSchema.parse(ms.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0'));

test('hybrid clock: a timestamp is 16 hex digits that begin with the milliseconds', (t) => {
  const tick = at(NOW).hybrid.tick();
  t.is(tick, stamp(NOW));
  t.is(millisecondsOf(tick), NOW);
});

test('hybrid clock: given a clock that stands still or goes back a little, then timestamps still increase', (t) => {
  const { wall, hybrid } = at(NOW);
  const first = hybrid.tick();
  wall.ms -= LEAD_MS;
  t.true(hybrid.tick() > first);
  t.is(millisecondsOf(hybrid.tick()), NOW);
});

test('hybrid clock: given a clock that was far ahead and is set right, then timestamps follow it', (t) => {
  const { wall, hybrid } = at(NOW + 86_400_000);
  hybrid.tick();
  wall.ms = NOW;
  t.is(hybrid.tick(), stamp(NOW));
  t.is(hybrid.tick(), stamp(NOW, 1));
});

test('hybrid clock: given any clock and any received timestamps, then each tick is later than all before within the limit of its lead', (t) => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ wall: fc.integer({ min: 0, max: 2 ** 45 }) }),
      fc.record({ wall: fc.integer({ min: NOW - 5, max: NOW + 5 }) }),
      fc.record({ seen: hlcs }),
      fc.record({
        seen: fc.tuple(fc.integer({ min: -5, max: 5 }), fc.nat(0xffff)).map(([ms, n]) => stamp(NOW + ms, n)),
      }),
    ),
  );
  fc.assert(
    fc.property(steps, (some) => {
      const { wall, hybrid } = at(NOW);
      let last = hybrid.tick();
      for (const step of some) {
        if ('wall' in step) wall.ms = step.wall;
        else hybrid.observe(step.seen);
        const next = hybrid.tick();
        if (millisecondsOf(last) < wall.ms + LEAD_MS) t.true(next > last);
        t.true(millisecondsOf(next) <= wall.ms + LEAD_MS + 1);
        t.true(hlcSchema.safeParse(next).success);
        if ('seen' in step && millisecondsOf(step.seen) < wall.ms + LEAD_MS) t.true(next > step.seen);
        last = next;
      }
    }),
  );
});

test('hybrid clock: given a timestamp far ahead, then the clock runs at most 45 s ahead', (t) => {
  fc.assert(
    fc.property(hlcs, (seen) => {
      const { hybrid } = at(NOW);
      hybrid.observe(seen);
      hybrid.observe(seen);
      t.true(millisecondsOf(hybrid.tick()) <= NOW + LEAD_MS + 1);
    }),
  );
});

test('hybrid clock: given a counter that is used up, then the next millisecond begins', (t) => {
  const { hybrid } = at(NOW);
  hybrid.observe(stamp(NOW, 0xffff));
  t.is(hybrid.tick(), stamp(NOW + 1));
});

test('hybrid clock: given more ticks in a millisecond than the counter holds, then they stay in order', (t) => {
  const { hybrid } = at(NOW);
  let last = hybrid.tick();
  for (let count = 0; count < 70_000; count += 1) {
    const next = hybrid.tick();
    if (next <= last) t.fail(`${next} after ${last}`);
    last = next;
  }
  t.is(millisecondsOf(last), NOW + 1);
});

test('hybrid clock: timestamps sorted as text are in time order', (t) => {
  const times = fc.tuple(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.nat(0xffff));
  fc.assert(
    fc.property(times, times, ([ms, n], [otherMs, otherN]) => {
      t.is(stamp(ms, n) < stamp(otherMs, otherN), ms < otherMs || (ms === otherMs && n < otherN));
    }),
  );
});

test('hybrid clock: given a text that is not a timestamp, then it is refused', (t) => {
  for (const text of [
    '',
    '0'.repeat(15),
    '0'.repeat(17),
    '0190C7A1B2C30000',
    'g'.repeat(16),
    `${'0'.repeat(16)}\n`,
    7,
    null,
  ]) {
    t.false(hlcSchema.safeParse(text).success);
  }
});
