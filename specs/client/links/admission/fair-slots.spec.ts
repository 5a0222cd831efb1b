import * as fc from 'fast-check';
import test from 'ava';
import { createFairSlots } from '../../../../client/links/admission/fair-slots.js';

const limits = { total: 6, perOrigin: 4 };

const enterAll = (visitors: readonly string[]) => {
  const slots = createFairSlots<string, string>(limits);
  return visitors.map((visitor) => slots.take(visitor, visitor.slice(0, 1)));
};

test('crowd: given places, then everybody has one', (t) => {
  t.deepEqual(enterAll(['a1', 'b1', 'a2', 'c1']), [null, null, null, null]);
});

test('crowd: given an origin with as many as one may have, when another of it comes, then its oldest goes', (t) => {
  t.deepEqual(enterAll(['a1', 'b1', 'a2', 'a3', 'a4', 'a5', 'a6']).slice(5), ['a1', 'a2']);
});

test('crowd: given no place left, when somebody comes, then the origin with most loses its oldest', (t) => {
  t.deepEqual(enterAll(['b1', 'a1', 'a2', 'a3', 'c1', 'c2', 'd1', 'd2']).slice(6), ['a1', 'a2']);
});

test('crowd: given as many origins as places, when another comes, then the one that came first goes', (t) => {
  t.deepEqual(enterAll(['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1', 'h1']).slice(6), ['a1', 'b1']);
});

test('crowd: given somebody who leaves, then the place is free, and to leave again changes nothing', (t) => {
  const slots = createFairSlots<string, string>({ total: 2, perOrigin: 1 });
  slots.take('a1', 'a');
  slots.release('a1', 'a');
  slots.release('a1', 'a');
  t.is(slots.take('a2', 'a'), null);
  t.is(slots.take('b1', 'b'), null);
  t.is(slots.take('c1', 'c'), 'a2');
});

test('crowd: whatever comes and goes, nobody is lost or counted twice, the limits hold, and who is alone stays while others have two', (t) => {
  const step = fc.record({
    origin: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    leaves: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const slots = createFairSlots<number, string>(limits);
      const present = new Map<number, string>();
      const countOf = (origin: string): number =>
        [...present.values()].filter((each) => each === origin).length;
      for (const [number, { origin, leaves }] of steps.entries()) {
        const [first] = present;
        if (leaves && first !== undefined) {
          slots.release(...first);
          present.delete(first[0]);
        }
        const most = Math.max(0, ...[...present.values()].map(countOf));
        const loser = slots.take(number, origin);
        if (loser !== null) {
          const lost = present.get(loser);
          if (lost === undefined) throw new Error('it loses only who is there');
          if (lost !== origin) t.is(countOf(lost), most);
          present.delete(loser);
        }
        present.set(number, origin);
        t.true(present.size <= limits.total && countOf(origin) <= limits.perOrigin);
      }
    }),
  );
});
