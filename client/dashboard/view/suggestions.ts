// The completion menu above the input line, with the selected suggestion highlighted. Pure.
import { columnsOf, cut, fitted } from '../../../screen/paint/grapheme.js';
import { type Row, rowOf } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { Rect } from '../../../screen/paint/composition.js';

const ROWS_MAX = 8;
/** The columns around a suggestion: border, mark and blank before it, and the border after it. */
const AROUND = 4;
const GAP = 2;

export interface SuggestionsContent {
  readonly suggestions: readonly { readonly text: string; readonly effect: string }[];
  readonly at: number;
}

/**
 * Returns the menu; `first` is the index of the suggestion in the first row.
 * @param x the column of the word
 * @param bottom the row below the menu
 */
export function suggestionsView(
  { suggestions, at }: SuggestionsContent,
  { x, bottom, columns }: { readonly x: number; readonly bottom: number; readonly columns: number },
  theme: Theme,
): { readonly rect: Rect; readonly rows: readonly Row[]; readonly first: number } {
  const count = Math.min(ROWS_MAX, suggestions.length, Math.max(1, bottom - 1));
  const first = Math.max(0, Math.min(at - count + 1, suggestions.length - count));
  const words = Math.max(...suggestions.map(({ text }) => columnsOf(text)));
  const told = Math.max(...suggestions.map(({ effect }) => columnsOf(effect)));
  const wide = Math.min(columns, words + (told === 0 ? 0 : GAP + told) + AROUND);
  const inner = wide - AROUND;
  const rows = suggestions.slice(first, first + count).map(({ text, effect }, index): Row => {
    const isChosen = first + index === at;
    const style = isChosen ? theme.selected : theme.overlay;
    const word = fitted(text, Math.min(words, inner));
    const rest = Math.max(0, inner - columnsOf(word));
    return rowOf([
      piece('│', theme.overlay),
      piece(`${isChosen ? '▸' : ' '} ${word}`, style),
      piece(
        fitted(rest > GAP && effect !== '' ? `${' '.repeat(GAP)}${cut(effect, rest - GAP)}` : '', rest),
        isChosen ? style : { ...theme.overlay, ...theme.faint },
      ),
      piece('│', theme.overlay),
    ]);
  });
  const where = suggestions.length > count ? ` ${at + 1} of ${suggestions.length} ` : '';
  const top = `┌${cut(where, wide - 2)}`;
  const edge = rowOf([piece(`${top}${'─'.repeat(Math.max(0, wide - 1 - columnsOf(top)))}┐`, theme.overlay)]);
  const left = Math.max(0, Math.min(x - 3, columns - wide));
  return {
    rect: { x: left, y: bottom - count - 1, columns: wide, rows: count + 1 },
    rows: [edge, ...rows],
    first,
  };
}
