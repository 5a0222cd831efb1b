// The joining of code points to graphemes by a current terminal, in the form that xterm's headless terminal expects.
import type { IUnicodeVersionProvider } from '@xterm/headless';
import stringWidth from 'string-width';

const JOINER = 0x200d;
const EMOJI_PRESENTATION = 0xfe0f;
const EXTENDS = /^[\p{Mn}\p{Me}\p{Cf}\p{Emoji_Modifier}]$/u;
const REGIONAL = /^\p{Regional_Indicator}$/u;

const AFTER_JOINER = 1;
const AFTER_REGIONAL = 2;

/** Xterm's packed properties: 24 bits of state, 2 bits of width, 1 bit for joining the previous code point. */
const pack = (state: number, width: number, joins: boolean): number =>
  (state << 3) | (width << 1) | Number(joins);

export const graphemeProvider: IUnicodeVersionProvider = {
  version: 'graphemes',
  wcwidth: (codePoint) => widthOf(codePoint),
  charProperties(codePoint, preceding) {
    const character = String.fromCodePoint(codePoint);
    const state = preceding >> 3;
    const before = (preceding >> 1) & 3;
    if (codePoint === JOINER) return pack(AFTER_JOINER, before, before > 0);
    if (codePoint === EMOJI_PRESENTATION) return pack(0, 2, before > 0);
    if (before > 0 && (EXTENDS.test(character) || state === AFTER_JOINER)) return pack(0, before, true);
    if (REGIONAL.test(character)) {
      const isSecond = state === AFTER_REGIONAL;
      return pack(isSecond ? 0 : AFTER_REGIONAL, 2, isSecond);
    }
    return pack(0, widthOf(codePoint), false);
  },
};

function widthOf(codePoint: number): 0 | 1 | 2 {
  const width = stringWidth(String.fromCodePoint(codePoint));
  return width > 1 ? 2 : width === 1 ? 1 : 0;
}
