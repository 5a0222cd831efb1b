// Styled text as rows of a given width: what is wrapped, cut and padded. Pure.
import { type Grapheme, graphemesOf } from './grapheme.js';
import type { Piece, Style } from './style.js';

export interface Glyph extends Grapheme {
  readonly style: Style;
}

/** What stands in one row, from the left; what is right of it is blank. */
export type Row = readonly Glyph[];

/** Pieces side by side, on one row of any width. */
export function rowOf(pieces: readonly Piece[]): Row {
  return pieces.flatMap(({ text: whole, style }) =>
    graphemesOf(whole).map(({ text, columns }) => ({ text, columns, style })),
  );
}

export function widthOf(row: Row): number {
  return row.reduce((sum, { columns }) => sum + columns, 0);
}

/** As much of the row as `columns` hold. */
export function clipped(row: Row, columns: number): Row {
  let left = columns;
  const end = row.findIndex((glyph) => {
    left -= glyph.columns;
    return left < 0;
  });
  return end < 0 ? row : row.slice(0, end);
}

/** The row, or as much of it as fits with `…` where it was cut. */
export function shortened(row: Row, columns: number): Row {
  if (widthOf(row) <= columns) return row;
  const shown = clipped(row, columns - 1);
  return [...shown, { text: '…', columns: 1, style: shown.at(-1)?.style ?? {} }];
}

/** The row, then blanks of `style` up to `columns`. */
export function padded(row: Row, columns: number, style: Style): Row {
  const shown = clipped(row, columns);
  const blank = { text: ' ', columns: 1, style } as const;
  return [...shown, ...Array.from({ length: columns - widthOf(shown) }, () => blank)];
}

/** `left` and `right` at the two ends of `columns`; the right one gives way when there is too little room. */
export function spread(left: Row, right: Row, columns: number, style: Style): Row {
  const room = columns - widthOf(right) - 1;
  if (widthOf(left) > room) return padded(left, columns, style);
  return [...padded(left, room + 1, style), ...right];
}

/**
 * Pieces in rows of at most `columns`, broken at blanks and line breaks; within a word only where it alone is too long.
 * At least one row. `columns` is at least 2.
 */
export function wrapped(pieces: readonly Piece[], columns: number): readonly Row[] {
  const rows: Row[] = [];
  let row: Glyph[] = [];
  let width = 0;
  let blankAt = -1;
  const end = (next: Glyph[]): void => {
    rows.push(row);
    row = next;
    width = widthOf(next);
    blankAt = -1;
  };
  for (const { text, style } of pieces) {
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) end([]);
      for (const grapheme of graphemesOf(line)) {
        if (width + grapheme.columns > columns) {
          // A blank that does not fit is the break itself.
          if (grapheme.text === ' ') {
            end([]);
            continue;
          }
          end(blankAt >= 0 ? row.splice(blankAt + 1) : []);
        }
        if (grapheme.text === ' ') blankAt = row.length;
        // Named one by one: a spread makes objects of four times the size.
        row.push({ text: grapheme.text, columns: grapheme.columns, style });
        width += grapheme.columns;
      }
    }
  }
  rows.push(row);
  return rows;
}
