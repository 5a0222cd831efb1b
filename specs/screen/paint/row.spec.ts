import test from 'ava';
import * as fc from 'fast-check';
import { columnsOf, cut, fitted } from '../../../screen/paint/grapheme.js';
import { clipped, padded, rowOf, spread, widthOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import { holds } from '../../support/property.js';

const plain = {};
const texts = (rows: readonly ReturnType<typeof rowOf>[]) =>
  rows.map((row) => row.map(({ text }) => text).join(''));
const wrap = (text: string, columns: number) => texts(wrapped([piece(text, plain)], columns));
const ink = (text: string): string => text.replaceAll(' ', '');

test('graphemes: a character as a reader sees it is one grapheme of one or two columns', (t) => {
  t.is(columnsOf('日本語'), 6);
  t.is(columnsOf('e\u0301a\u0308'), 2);
  t.is(columnsOf('👩‍👩‍👧‍👦🇩🇪👍🏽'), 6);
  t.is(columnsOf('한국'), 4);
});

test('graphemes: text that does not fit is cut between graphemes', (t) => {
  t.is(cut('日本語', 5), '日本…');
  t.is(cut('日本語', 4), '日…');
  t.is(cut('abc', 3), 'abc');
  t.is(cut('abc', 0), '');
  t.is(fitted('日本語', 4), '日… ');
  t.is(fitted('ab', 4, 'right'), '  ab');
});

test('rows: text breaks at blanks and line breaks, long words anywhere', (t) => {
  t.deepEqual(wrap('the quick brown fox', 10), ['the quick ', 'brown fox']);
  t.deepEqual(wrap('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  t.deepEqual(wrap('ab cdefgh', 4), ['ab ', 'cdef', 'gh']);
  t.deepEqual(wrap('a\n\nb', 4), ['a', '', 'b']);
  t.deepEqual(wrap('日本語', 5), ['日本', '語']);
  t.deepEqual(wrap('', 5), ['']);
});

const segmenter = new Intl.Segmenter();
/** The columns of the widest grapheme. */
const widest = (text: string): number =>
  Math.max(0, ...Array.from(segmenter.segment(text), ({ segment }) => columnsOf(segment)));

test('rows: wrapped rows fit, and lose nothing but blanks at a break', async (t) => {
  await holds(
    t,
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (text, columns) => {
      // A grapheme that is wider than a row is replaced.
      fc.pre(widest(text) <= columns);
      const rows = wrapped([piece(text, plain)], columns);
      const all = texts([rowOf(text.split('\n').map((line) => piece(line, plain)))]).join('');
      return rows.every((row) => widthOf(row) <= columns) && ink(texts(rows).join('')) === ink(all);
    }),
  );
});

test('rows: rows are padded, clipped and spread to a width', (t) => {
  const row = rowOf([piece('日本', plain)]);
  t.is(widthOf(padded(row, 7, plain)), 7);
  t.is(widthOf(padded(row, 3, plain)), 3);
  t.deepEqual(texts([clipped(row, 3)]), ['日']);
  t.deepEqual(texts([spread(rowOf([piece('ab', plain)]), rowOf([piece('c', plain)]), 5, plain)]), ['ab  c']);
  t.deepEqual(texts([spread(rowOf([piece('abcd', plain)]), rowOf([piece('c', plain)]), 5, plain)]), [
    'abcd ',
  ]);
});
