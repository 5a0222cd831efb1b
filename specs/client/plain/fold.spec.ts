import test from 'ava';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { folded } from '../../../client/plain/fold.js';

const unstyled = (row: string): string => row.replace(/\u001b\[\d+m/g, '');

test('fold: a line is broken between words, and its rows align with the text', (t) => {
  t.deepEqual(folded('12:01 == one two three four five six', 24), [
    '12:01 == one two three',
    '        four five six',
  ]);
  t.deepEqual(folded('12:01 == fits', 24), ['12:01 == fits']);
});

test('fold: an address wider than a row stays in one piece', (t) => {
  const address = `https://example.org/${'x'.repeat(30)}`;
  t.deepEqual(folded(`12:01 #lobby <bob> ${address} ok`, 24), [
    '12:01 #lobby <bob>',
    `        ${address}`,
    '        ok',
  ]);
});

test('fold: a wide letter takes two columns and a style none', (t) => {
  t.deepEqual(folded('12:01 == 日本語 日本語 日本語', 24), ['12:01 == 日本語 日本語', '        日本語']);
  const styled = '\u001b[2m12:01\u001b[22m \u001b[34m==\u001b[39m one two three';
  t.deepEqual(folded(styled, 24), [styled]);
});

test('fold: a line is not folded in a very narrow window', (t) => {
  t.deepEqual(folded('12:01 == one two three four', 10), ['12:01 == one two three four']);
});

test('fold: given any line, then no letter or style is lost, and a row is too wide only if its last word fits in no row', (t) => {
  const word = fc.oneof(
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => text.replace(/[\s\p{Cc}]/gu, '_')),
    fc.constantFrom('\u001b[1mbold\u001b[22m', '\u001b[31m', '日本'),
  );
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 24, max: 120 }),
      (words, columns) => {
        const line = words.join(' ');
        const rows = folded(line, columns);
        t.is(rows.join('').replaceAll(' ', ''), line.replaceAll(' ', ''));
        for (const row of rows) {
          const last = unstyled(row).trim().split(' ').at(-1) ?? '';
          const isTooLong = stringWidth(`        ${last}`) > columns;
          t.true(isTooLong || stringWidth(row) <= columns, JSON.stringify(row));
        }
      },
    ),
  );
});
