import test from 'ava';
import * as fc from 'fast-check';
import { sanitise, sanitiseLine, sanitiseRanges } from '../../../../core/protocol/message/sanitise.js';
import { hostileText } from '../arbitraries.js';

// Written out separately, code point by code point, to detect a mistake in the sanitiser's pattern.
const UNSAFE = (
  '0-8 b-1f 7f-9f ad-ad 34f-34f 61c-61c 115f-1160 17b4-17b5 180e-180e 200b-200b 200e-200f 2028-202e 2060-206f ' +
  '3164-3164 d800-dfff feff-feff ffa0-ffa0 fff0-fffb 1bca0-1bca3 1d173-1d17a e0000-e00ff e01f0-e0fff'
)
  .split(' ')
  .map((range) => range.split('-').map((digits) => Number.parseInt(digits, 16)));

function isUnsafe(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return UNSAFE.some(([first = 0, last = 0]) => code >= first && code <= last);
}

test('sanitise: every unsafe code point is removed, and every other is kept', (t) => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    const isBreak = [0x0d, 0x85, 0x2028, 0x2029].includes(code);
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    const expected = isBreak ? '\n' : isSurrogate ? '\ufffd' : isUnsafe(character) ? '' : character;
    if (sanitise(character) !== expected) wrong.push(`U+${code.toString(16)}`);
  }
  t.deepEqual(wrong, []);
});

test('sanitise: given any text, then nothing unsafe is left and a second pass changes nothing', (t) => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const clean = sanitise(text);
      t.false(Array.from(clean).some(isUnsafe), JSON.stringify(clean));
      t.true(clean.isWellFormed());
      t.is(sanitise(clean), clean);
      t.true(clean.length <= text.length);
    }),
  );
});

test('sanitise: given ordinary text, then it is unchanged', (t) => {
  for (const text of ['', 'héllo\n\twörld', '👩‍👩‍👧‍👦 ❤️ 👍🏽', 'می‌خواهم', '日本語 עברית العربية', 'a\u00a0b'])
    t.is(sanitise(text), text);
});

test('sanitise: given escape sequences, then the remaining text is harmless', (t) => {
  t.is(sanitise('\u001b[2J\u001b]8;;http://evil\u0007hi\u009b1m'), '[2J]8;;http://evilhi1m');
});

test('sanitise: all kinds of line break become one kind', (t) => {
  t.is(sanitise('a\r\nb\rc\u0085d\u2028e\u2029f\ng'), 'a\nb\nc\nd\ne\nf\ng');
});

test('sanitise: in single-line text, breaks and tabs become spaces', (t) => {
  t.is(sanitiseLine('a\r\n\n\tb\u2028c'), 'a b c');
  fc.assert(
    fc.property(hostileText, (text) => {
      const line = sanitiseLine(text);
      t.notRegex(line, /[\n\t]/);
      t.is(sanitiseLine(line), line);
    }),
  );
});

test('sanitise: ranges stay within the text and mark the same visible characters', (t) => {
  fc.assert(
    fc.property(
      hostileText,
      fc.array(fc.tuple(fc.nat(70), fc.nat(70)), { maxLength: 8 }),
      (source, places) => {
        const text = source.replace(/\r+\n/g, '\n').toWellFormed();
        const given = places
          .map(([start, end]) => ({ start, end, marked: text.slice(start, end) }))
          .filter(({ start, end, marked }) => start < end && end <= text.length && marked.isWellFormed());
        const { text: clean, ranges } = sanitiseRanges(text, given);
        t.is(clean, sanitise(text));
        t.deepEqual(
          ranges.map(({ start, end }) => clean.slice(start, end)),
          given.map(({ marked }) => sanitise(marked)).filter((marked) => marked !== ''),
        );
      },
    ),
  );
});

test('sanitise: given any ranges, then none exceeds the text', (t) => {
  t.deepEqual(
    sanitiseRanges('ab', [
      { start: 0, end: 3 },
      { start: -1, end: 1 },
    ]).ranges,
    [],
  );
  const anyPlace = fc.oneof(fc.integer({ min: -3, max: 70 }), fc.double());
  fc.assert(
    fc.property(hostileText, anyPlace, anyPlace, (text, start, end) => {
      const { text: clean, ranges } = sanitiseRanges(text, [{ start, end }]);
      for (const range of ranges)
        t.true(range.start >= 0 && range.start < range.end && range.end <= clean.length);
    }),
  );
});

test('sanitise: given a range that cuts removed text, then it moves behind that text', (t) => {
  t.deepEqual(sanitiseRanges('a\u{e0041}bc', [{ start: 2, end: 4 }]).ranges, [{ start: 1, end: 2 }]);
  t.deepEqual(sanitiseRanges('a\r\nbc', [{ start: 2, end: 4 }]).ranges, [{ start: 2, end: 3 }]);
  t.deepEqual(sanitiseRanges('a\u202e\u200bb', [{ start: 1, end: 3 }]).ranges, []);
});
