import test from 'ava';
import * as fc from 'fast-check';
import {
  boundaryAfter,
  boundaryBefore,
  boundaryFrom,
  boundaryUpTo,
  splitGraphemes,
} from '../../../screen/paint/segmentation.js';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const expected = (text: string): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);
/** Letters, marks, flags, emoji of several characters, Hangul in parts, and Indic and Thai syllables. */
const PIECES = [
  'a',
  ' ',
  '\n',
  'é',
  'e\u0301',
  '\u0301',
  'я',
  '日',
  'ゞ',
  '\u3099',
  '한',
  '\u1112',
  '\u1161',
  '\u11ab',
  'ﾊ',
  'ﾞ',
  '🇩',
  '🇪',
  '👩‍👩‍👧‍👦',
  '👍🏽',
  '\u200d',
  '\ufe0f',
  '❤️',
  '©',
  'क्षि',
  'กำ',
  '\u0600',
  '\ud83d',
  '\udc4d',
  '\u0000',
  '\u00ad',
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));

test('segmentation: any text has the graphemes that the segmenter finds', (t) => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (given) => {
      t.deepEqual(splitGraphemes(given), expected(given));
    }),
    { numRuns: 500 },
  );
});

test('segmentation: a text longer than a stretch has the same graphemes', (t) => {
  for (const piece of ['👩‍👩‍👧‍👦', '🇩🇪', 'क्षि', 'e\u0301', '日本 ', 'word']) {
    const given = `x${piece.repeat(300)}`;
    t.deepEqual(splitGraphemes(given), expected(given));
  }
});

test('segmentation: the boundary beside a place is that of the segmenter', (t) => {
  fc.assert(
    fc.property(text, fc.nat({ max: 100 }), (given, place) => {
      const ends = [0];
      for (const grapheme of expected(given)) ends.push((ends.at(-1) ?? 0) + grapheme.length);
      const at = Math.min(place, given.length);
      const upTo = ends.findLast((end) => end <= at) ?? 0;
      t.is(boundaryUpTo(given, at), upTo);
      t.is(boundaryFrom(given, at), ends.find((end) => end >= at) ?? given.length);
      t.is(boundaryAfter(given, upTo), ends.find((end) => end > upTo) ?? given.length);
      t.is(boundaryBefore(given, upTo), ends.findLast((end) => end < upTo) ?? 0);
    }),
    { numRuns: 500 },
  );
});

test('segmentation: a grapheme without an end is cut, in time that grows with its length', (t) => {
  const given = `a${'\u0301'.repeat(200_000)}`;
  t.is(splitGraphemes(given).join(''), given);
});
