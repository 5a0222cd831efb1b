// The columns that the terminal needs for one grapheme. If terminals disagree about the width, the measured width is used.
// Without a measurement, the width is one that suffices on most terminals. Pure.
import stringWidth from 'string-width';
import type { Charset } from './charset.js';
import { reserved, WIDTHS, type WidthKind, type Widths } from './widths.js';

export interface Grapheme {
  readonly text: string;
  /** The columns reserved for the grapheme, at least 1. */
  readonly columns: number;
  /**
   * The largest number of columns that a terminal may use for the grapheme; a terminal may also use fewer than `columns`. 0 if
   * all terminals use the same number. If it is more than `columns`, the cells after the grapheme must be written again.
   */
  readonly reach: number;
}

/**
 * The most columns of a grapheme, and the most code points. A longer grapheme is cut, because a sender can join any number of
 * code points.
 */
const COLUMNS_MAX = 12;
const PARTS_MAX = 32;

/** Letters and ideographs to which all terminals give the same width, unless their East Asian width is ambiguous. */
const AGREED =
  /^[\u0020-\u007e\u00a0-\u02ff\u0370-\u052f\u0531-\u058f\u05d0-\u05ea\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]$/;
const ASCII = /^[\u0020-\u007e]+$/;
const SYMBOL = /[\ufe0f\u20e3]/;
const JOINER = '\u200d';
const FLAG_LETTER = /^\p{Regional_Indicator}$/u;
const SKIN_TONE = /^\p{Emoji_Modifier}$/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
/** Vowels and final consonants of Hangul, which join the consonant before them. */
const HANGUL_JOINING = /^[\u1160-\u11ff\ud7b0-\ud7fb]$/;
const VOWEL_SIGN = /^\p{Mc}$/u;
const VOWEL_AM = /^[\u0e33\u0eb3]$/;

/** @param text the text to show, with at least one visible code point */
export function measuredGrapheme(text: string, charset: Charset): Grapheme {
  if (ASCII.test(text)) {
    const shown = text.slice(0, COLUMNS_MAX);
    return { text: shown, columns: shown.length, reach: 0 };
  }
  const { widths } = charset;
  let [shown, columns, reach] = ['', 0, 0];
  let before = '';
  for (const part of Array.from(text).slice(0, PARTS_MAX)) {
    const own = shown === '' || columns === 0 ? firstWidth(part, widths) : addedWidth(part, before, widths);
    if (columns + own.columns > COLUMNS_MAX) break;
    [shown, columns, reach, before] = [shown + part, columns + own.columns, reach + own.most, part];
  }
  if (SYMBOL.test(shown)) {
    columns = Math.max(columns, reserved('symbol', widths));
    reach = Math.max(reach, WIDTHS.symbol.most);
  }
  columns = Math.max(1, columns);
  return { text: shown, columns, reach: isSure(shown, charset) ? 0 : Math.max(columns, reach) };
}

function isSure(text: string, { widths, marks }: Charset): boolean {
  if (marks.get(text) === 1) return true;
  if (!AGREED.test(text)) return false;
  // If the measured sample is narrow, the terminal shows all letters of ambiguous width narrow.
  return !isAmbiguous(text) || widths.ambiguous === 1;
}

interface PartWidth {
  readonly columns: number;
  readonly most: number;
}

const NONE: PartWidth = { columns: 0, most: 0 };
const ofKind = (kind: WidthKind, widths: Widths): PartWidth => ({
  columns: reserved(kind, widths),
  most: WIDTHS[kind].most,
});

function firstWidth(part: string, widths: Widths): PartWidth {
  if (INVISIBLE.test(part)) return NONE;
  if (isAmbiguous(part)) return ofKind('ambiguous', widths);
  if (FLAG_LETTER.test(part)) return { columns: 2, most: 2 };
  return { columns: Math.max(1, stringWidth(part)), most: 2 };
}

/** The columns that a further code point adds. */
function addedWidth(part: string, before: string, widths: Widths): PartWidth {
  if (INVISIBLE.test(part)) return NONE;
  if (FLAG_LETTER.test(part) && FLAG_LETTER.test(before)) {
    const whole = ofKind('flag', widths);
    return { columns: Math.max(0, whole.columns - 2), most: whole.most - 2 };
  }
  if (SKIN_TONE.test(part)) return ofKind('modifier', widths);
  if (before === JOINER && stringWidth(part) > 0 && /\p{Extended_Pictographic}/u.test(part))
    return ofKind('joined', widths);
  if (VOWEL_SIGN.test(part)) return ofKind('vowelSign', widths);
  if (VOWEL_AM.test(part)) return ofKind('vowelAm', widths);
  if (HANGUL_JOINING.test(part)) return ofKind('jamo', widths);
  const columns = stringWidth(part);
  if (columns === 1) return { columns: reserved('conjunct', widths), most: 2 };
  return { columns, most: 2 };
}

function isAmbiguous(part: string): boolean {
  return stringWidth(part) !== stringWidth(part, { ambiguousIsNarrow: false });
}
