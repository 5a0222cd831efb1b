import test from 'ava';
import * as fc from 'fast-check';
import { createBuckets } from '../../../actors/admission/buckets.js';
import { handClock } from '../../core/events/samples.js';

function scene({ capacity = 10, perSecond = 2, maxKeys = 100 } = {}) {
  const clock = handClock();
  return { clock, buckets: createBuckets<string>({ capacity, perSecond, maxKeys, clock }) };
}

test('buckets: given a full bucket, then its capacity can be used at once, and more after a time', (t) => {
  const { clock, buckets } = scene();
  for (let turn = 0; turn < 10; turn++) t.is(buckets.take('a', 1), 0);
  t.is(buckets.take('a', 1), 500);
  t.is(buckets.take('a', 4), 2_000, 'more costs more time');
  t.is(buckets.take('b', 1), 0, 'each key has its own');
  clock.advance(499);
  t.is(buckets.take('a', 1), 1);
  clock.advance(1);
  t.is(buckets.take('a', 1), 0);
  t.is(buckets.take('a', 1), 500);
});

test('buckets: given a cost above the capacity, then it takes a full bucket and succeeds', (t) => {
  const { clock, buckets } = scene();
  t.is(buckets.take('a', 1_000), 0);
  t.is(buckets.take('a', 1_000), 5_000);
  clock.advance(5_000);
  t.is(buckets.take('a', 1_000), 0);
});

test('buckets: given tokens that are given back, then they can be taken again', (t) => {
  const { buckets } = scene({ capacity: 2 });
  t.is(buckets.take('a', 2), 0);
  buckets.giveBack('a', 2);
  buckets.giveBack('a', 2);
  t.is(buckets.take('a', 2), 0);
  t.is(buckets.take('a', 1), 500, 'and no more is given than it holds');
});

test('buckets: given more keys than the limit, then the least recently used one is dropped', (t) => {
  const { buckets } = scene({ capacity: 1, maxKeys: 2 });
  for (const key of ['a', 'b']) t.is(buckets.take(key, 1), 0);
  t.not(buckets.take('a', 1), 0);
  t.is(buckets.take('c', 1), 0);
  t.not(buckets.take('a', 1), 0, 'used lately');
  t.is(buckets.take('b', 1), 0, 'forgotten');
});

test('buckets: given any requests at any times, then the rate is never exceeded, and a request after the stated wait succeeds', (t) => {
  const step = fc.record({ waitMs: fc.nat({ max: 3_000 }), cost: fc.integer({ min: 1, max: 6 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, buckets } = scene({ capacity: 6, perSecond: 3 });
      const start = clock.now();
      let done = 0;
      for (const { waitMs, cost } of steps) {
        clock.advance(waitMs);
        const retryMs = buckets.take('a', cost);
        if (retryMs > 0) {
          clock.advance(retryMs);
          t.is(buckets.take('a', cost), 0);
        }
        done += cost;
        t.true(done <= 6 + ((clock.now() - start) / 1_000) * 3 + 1e-6);
      }
    }),
  );
});
