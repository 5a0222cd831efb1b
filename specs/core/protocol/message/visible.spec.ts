import test from 'ava';
import { isVisible } from '../../../../core/protocol/message/visible.js';

const SHOWS_NOTHING: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['a space', ' '],
  ['line breaks and tabs', '\n\t\r'],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner', '\u200d'],
  ['a zero-width non-joiner', '\u200c'],
  ['an emoji variation selector', '\ufe0f'],
  ['a variation selector of the supplement', '\u{e0100}'],
  ['a combining acute accent', '\u0301'],
  ['an enclosing keycap', '\u20e3'],
  ['a vowel sign without its letter', '\u093f'],
  ['the empty Braille pattern', '\u2800'],
  ['a Hangul filler', '\u3164'],
  ['a half-width Hangul filler', '\uffa0'],
  ['a soft hyphen', '\u00ad'],
  ['a bidirectional override', '\u202e'],
  ['a word joiner', '\u2060'],
  ['a tag', '\u{e0041}'],
  ['the null note head', '\u{1d159}'],
  ['a control character', '\u0007'],
  ['several of them', ' \u200d\ufe0f\u0301\u2800\n'],
];
for (const [name, text] of SHOWS_NOTHING) {
  test(`visible: ${name} alone shows nothing`, (t) => t.false(isVisible(text)));
}

const SHOWS: readonly string[] = [
  'a',
  '.',
  '0',
  '-',
  '❤️',
  '👍🏽',
  '👩‍👩‍👧‍👦',
  'é',
  'e\u0301',
  'กำ',
  'क्षि',
  '⠁',
  '한',
  '\u0600',
];
test('visible: letters, digits, signs and emoji show something, also among invisible characters', (t) => {
  for (const text of SHOWS) {
    t.true(isVisible(text), text);
    t.true(isVisible(`\u200d ${text}\u2800`), text);
  }
});
