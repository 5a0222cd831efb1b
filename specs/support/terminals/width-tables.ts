// Terminals with different tables of character widths.
import type { IUnicodeVersionProvider } from '@xterm/headless';
import stringWidth from 'string-width';
import { graphemeProvider } from './emulated-graphemes.js';

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
const REGIONAL = /^\p{Regional_Indicator}$/u;
const VOWEL_SIGN = /^\p{Mc}$/u;
/** Emoji of Unicode 13 and later, which older tables do not have. */
const RECENT = /^[\u{1fa00}-\u{1faff}\u{1f6d6}-\u{1f6dc}]$/u;

/**
 * A terminal that adds up the widths of code points, and joins only code points without a width to the code point before them.
 */
function table(version: string, widthOf: (character: string) => 0 | 1 | 2): IUnicodeVersionProvider {
  const wcwidth = (codePoint: number) => widthOf(String.fromCodePoint(codePoint));
  return {
    version,
    wcwidth,
    charProperties(codePoint, preceding) {
      const width = wcwidth(codePoint);
      const before = (preceding >> 1) & 3;
      const joins = width === 0 && before > 0;
      return ((joins ? before : width) << 1) | Number(joins);
    },
  };
}

const twoAtMost = (columns: number): 0 | 1 | 2 => (columns > 1 ? 2 : columns === 1 ? 1 : 0);

export const widthTables: readonly IUnicodeVersionProvider[] = [
  graphemeProvider,
  // The tables of about 2017, for example in xterm, screen and tmux: a selector changes no width, and vowel signs take a column.
  table('old', (character) => {
    if (ZERO.test(character)) return 0;
    if (VOWEL_SIGN.test(character) || REGIONAL.test(character) || RECENT.test(character)) return 1;
    return twoAtMost(stringWidth(character));
  }),
  // The tables of terminals for Chinese, Japanese and Korean: ambiguous characters take two columns.
  table('wide', (character) => {
    if (ZERO.test(character) || VOWEL_SIGN.test(character)) return 0;
    if (REGIONAL.test(character)) return 2;
    return twoAtMost(stringWidth(character, { ambiguousIsNarrow: false }));
  }),
];
