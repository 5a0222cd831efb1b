// The menu above the line one writes in: what the word may become, and what is chosen. Pure.
import { columnsOf, cut, fitted } from '../paint/grapheme.js';
import { type Row, rowOf } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Theme } from '../paint/theme.js';
import type { Rect } from './layout.js';

const ROWS_MAX = 8;
/** Side, mark and blank before a word; side after it. */
const AROUND = 4;
const GAP = 2;

export interface OffersContent {
  readonly offers: readonly { readonly text: string; readonly effect: string }[];
  readonly at: number;
}

/** `first` is the offer in the row below the edge. @param x where the word begins; @param bottom the row below it */
export function offersView(
  { offers, at }: OffersContent,
  { x, bottom, columns }: { readonly x: number; readonly bottom: number; readonly columns: number },
  theme: Theme,
): { readonly rect: Rect; readonly rows: readonly Row[]; readonly first: number } {
  const count = Math.min(ROWS_MAX, offers.length, Math.max(1, bottom - 1));
  const first = Math.max(0, Math.min(at - count + 1, offers.length - count));
  const words = Math.max(...offers.map(({ text }) => columnsOf(text)));
  const told = Math.max(...offers.map(({ effect }) => columnsOf(effect)));
  const wide = Math.min(columns, words + (told === 0 ? 0 : GAP + told) + AROUND);
  const inner = wide - AROUND;
  const rows = offers.slice(first, first + count).map(({ text, effect }, index): Row => {
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
  const where = offers.length > count ? ` ${at + 1} of ${offers.length} ` : '';
  const top = `┌${cut(where, wide - 2)}`;
  const edge = rowOf([piece(`${top}${'─'.repeat(Math.max(0, wide - 1 - columnsOf(top)))}┐`, theme.overlay)]);
  const left = Math.max(0, Math.min(x - 3, columns - wide));
  return {
    rect: { x: left, y: bottom - count - 1, columns: wide, rows: count + 1 },
    rows: [edge, ...rows],
    first,
  };
}
