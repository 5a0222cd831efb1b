import * as fc from 'fast-check';
import test from 'ava';
import { createFairSlots } from '../../../../client/links/admission/fair-slots.js';

const limits = { total: 6, perOrigin: 4 };

const takeAll = (holders: readonly string[]) => {
  const slots = createFairSlots<string, string>(limits);
  return holders.map((holder) => slots.take(holder, holder.slice(0, 1)));
};

test('fair slots: given free slots, then each holder gets one', (t) => {
  t.deepEqual(takeAll(['a1', 'b1', 'a2', 'c1']), [null, null, null, null]);
});

test('fair slots: given an origin at its limit, when it takes another slot, then its oldest holder is evicted', (t) => {
  t.deepEqual(takeAll(['a1', 'b1', 'a2', 'a3', 'a4', 'a5', 'a6']).slice(5), ['a1', 'a2']);
});

test('fair slots: given no free slot, when one is taken, then the oldest holder of the largest origin is evicted', (t) => {
  t.deepEqual(takeAll(['b1', 'a1', 'a2', 'a3', 'c1', 'c2', 'd1', 'd2']).slice(6), ['a1', 'a2']);
});

test('fair slots: given as many origins as slots, when another arrives, then the first to arrive is evicted', (t) => {
  t.deepEqual(takeAll(['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1', 'h1']).slice(6), ['a1', 'b1']);
});

test('fair slots: given a released slot, then it is free, and a second release has no effect', (t) => {
  const slots = createFairSlots<string, string>({ total: 2, perOrigin: 1 });
  slots.take('a1', 'a');
  slots.release('a1', 'a');
  slots.release('a1', 'a');
  t.is(slots.take('a2', 'a'), null);
  t.is(slots.take('b1', 'b'), null);
  t.is(slots.take('c1', 'c'), 'a2');
});

test('fair slots: given any sequence of take and release, then the count is right, the limits hold, and only the largest origin loses a holder', (t) => {
  const step = fc.record({
    origin: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    releases: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const slots = createFairSlots<number, string>(limits);
      const present = new Map<number, string>();
      const countOf = (origin: string): number =>
        [...present.values()].filter((each) => each === origin).length;
      for (const [number, { origin, releases }] of steps.entries()) {
        const [first] = present;
        if (releases && first !== undefined) {
          slots.release(...first);
          present.delete(first[0]);
        }
        const most = Math.max(0, ...[...present.values()].map(countOf));
        const evicted = slots.take(number, origin);
        if (evicted !== null) {
          const lost = present.get(evicted);
          if (lost === undefined) throw new Error('only a present holder can be evicted');
          if (lost !== origin) t.is(countOf(lost), most);
          present.delete(evicted);
        }
        present.set(number, origin);
        t.true(present.size <= limits.total && countOf(origin) <= limits.perOrigin);
      }
    }),
  );
});
