// Statements and parsers that derive from the definition of a table.
import test from 'ava';
import { z } from 'zod';
import {
  bigint,
  columnsOf,
  defineTable,
  flag,
  insertIfAbsent,
  insertInto,
  nullable,
  primary,
  selectFrom,
  text,
  upsertInto,
} from '../../../../core/events/sql/table.js';

const lamps = defineTable('lamps', {
  id: primary(text(10, z.string())),
  litAt: nullable(bigint()),
  isRed: flag('FALSE'),
});

const STATEMENTS: readonly (readonly [title: string, actual: unknown, expected: unknown])[] = [
  ['all columns', columnsOf(lamps), 'id AS "id", lit_at AS "litAt", is_red AS "isRed"'],
  ['some columns of an alias', columnsOf(lamps, 'l', ['litAt']), 'l.lit_at AS "litAt"'],
  ['a query', selectFrom(lamps), 'SELECT id AS "id", lit_at AS "litAt", is_red AS "isRed" FROM lamps'],
  [
    'a whole row, in the order of the table',
    insertInto(lamps, { isRed: true, litAt: null, id: 'a' }),
    ['INSERT INTO lamps (id, lit_at, is_red) VALUES (?, ?, TRUE)', ['a', null]],
  ],
  ['a row with defaults', insertInto(lamps, { id: 'a' }), ['INSERT INTO lamps (id) VALUES (?)', ['a']]],
  [
    'a row unless it exists',
    insertIfAbsent(lamps, { id: 'a', isRed: false }),
    ['INSERT INTO lamps (id, is_red) VALUES (?, FALSE) ON CONFLICT DO NOTHING', ['a']],
  ],
  [
    'a row in place of another',
    upsertInto(lamps, { id: 'a', litAt: 7 }),
    [
      'INSERT INTO lamps (id, lit_at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET lit_at = excluded.lit_at',
      ['a', 7],
    ],
  ],
];

for (const [title, actual, expected] of STATEMENTS) {
  test(`table: the statement for ${title}`, (t) => {
    t.deepEqual(actual, expected);
  });
}

test('table: a text is a value, never a part of the statement', (t) => {
  const [statement, values] = insertInto(lamps, { id: "'); DROP TABLE lamps; --" });
  t.is(statement, 'INSERT INTO lamps (id) VALUES (?)');
  t.deepEqual(values, ["'); DROP TABLE lamps; --"]);
});

test('table: rows of SQLite and PostgreSQL become the same values', (t) => {
  const expected = { id: 'a', litAt: 7, isRed: true };
  t.deepEqual(lamps.row.parse({ id: 'a', litAt: 7, isRed: 1 }), expected);
  t.deepEqual(lamps.row.parse({ id: 'a', litAt: '7', isRed: true }), expected);
  t.deepEqual(lamps.row.parse({ id: 'a', litAt: null, isRed: 0 }), { id: 'a', litAt: null, isRed: false });
  t.throws(() => lamps.row.parse({ id: 'a', litAt: 'late', isRed: 0 }));
});
