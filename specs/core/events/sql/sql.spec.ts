import test from 'ava';
import { array, assert, property, string } from 'fast-check';
import { inList } from '../../../../core/events/sql/sql.js';

test('SQL: a list for IN keeps its values, and lists of all lengths share a few statements', (t) => {
  const lengths = new Set<string>();
  assert(
    property(array(string(), { minLength: 1, maxLength: 1_000 }), (asked) => {
      const { marks, values } = inList(asked);
      lengths.add(marks);
      return marks.split(', ').length === values.length && new Set(values).size === new Set(asked).size;
    }),
  );
  t.true(lengths.size <= 11);
});
