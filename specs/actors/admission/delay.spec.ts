import test from 'ava';
import * as fc from 'fast-check';
import {
  blockedUntil,
  countAt,
  type Failures,
  failedAgain,
  triesAtOnce,
} from '../../../actors/admission/delay.js';

const NONE: Failures = { count: 0, at: 0 };
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

test('delay: given failures one after the other, then five are free, and each further one doubles the wait', (t) => {
  let failures = NONE;
  let now = 1_000_000;
  const waits: number[] = [];
  for (let failure = 0; failure < 18; failure++) {
    failures = failedAgain(failures, now);
    const until = blockedUntil(failures);
    waits.push((until - now) / SECOND);
    now = until;
  }
  // After fifteen minutes the count drops by one; the next failure raises it again.
  t.deepEqual(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
});

test('delay: given failures, when 15 minutes pass without a new one, then one failure is forgotten', (t) => {
  const failures = { count: 7, at: 0 };
  t.is(countAt(failures, 15 * MINUTE - 1), 7);
  t.is(countAt(failures, 15 * MINUTE), 6);
  t.is(countAt(failures, 7 * 15 * MINUTE), 0);
  t.is(countAt(failures, 100 * 15 * MINUTE), 0);
  t.is(countAt(failures, -MINUTE), 7, 'a clock that was set back forgets nothing');
  t.deepEqual(failedAgain(failures, 30 * MINUTE), { count: 6, at: 30 * MINUTE });
});

test('delay: the number of parallel tries is the number of free failures, at least one', (t) => {
  t.deepEqual(
    [0, 1, 4, 5, 6, 15].map((count) => triesAtOnce({ count, at: 0 }, 0)),
    [5, 4, 1, 1, 1, 1],
  );
});

/** The delay rule in its simplest form, simulated minute by minute. */
function naive() {
  let counted: number[] = [];
  let since = 0;
  let until = 0;
  return {
    /** One minute without a failure. */
    minutePasses(now: number) {
      if ((now - since) % (15 * MINUTE) === 0 && now > since) counted = counted.slice(0, -1);
    },
    isBlocked: (now: number) => now < until,
    fail(now: number) {
      counted = [...counted, now].slice(0, 15);
      since = now;
      let wait = 0;
      for (let excess = counted.length - 5; excess > 0; excess--) wait = wait === 0 ? 2 * SECOND : wait * 2;
      until = now + Math.min(wait, 15 * MINUTE);
    },
    clear() {
      counted = [];
      until = 0;
    },
    count: () => counted.length,
  };
}

test('delay: given any tries at any times, then the rule equals its simulation by the minute', (t) => {
  const step = fc.record({
    minutes: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 40 })),
    isRight: fc.integer({ min: 0, max: 19 }).map((draw) => draw === 0),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const model = naive();
      let failures = NONE;
      let now = 1_000 * MINUTE;
      for (const { minutes, isRight } of steps) {
        for (let minute = 0; minute < minutes; minute++) {
          now += MINUTE;
          model.minutePasses(now);
        }
        t.is(countAt(failures, now), model.count());
        t.is(blockedUntil(failures) > now, model.isBlocked(now));
        if (model.isBlocked(now)) continue;
        if (isRight) {
          model.clear();
          failures = NONE;
        } else {
          model.fail(now);
          failures = failedAgain(failures, now);
        }
      }
    }),
  );
});
