// Styled text as rows: wrapped, cut and padded to a width. Pure.
import { type Grapheme, graphemesOf } from './grapheme.js';
import type { Piece, Style } from './style.js';

export interface Glyph extends Grapheme {
  readonly style: Style;
}

/** The glyphs of one row from the left. The rest of the row is blank. */
export type Row = readonly Glyph[];

const BLANK: Grapheme = { text: ' ', columns: 1, reach: 0 };

/** The replacement for a grapheme that is wider than a row. */
const TOO_WIDE: Grapheme = { text: '?', columns: 1, reach: 0 };
const PLAIN: Style = {};

/** The glyphs of each style. Equal glyphs are the same object. This makes it fast to compare frames. */
const glyphs = new WeakMap<Style, Map<Grapheme, Glyph>>();
const GLYPHS_MAX = 5_000;

function glyphOf(grapheme: Grapheme, style: Style, ofStyle: Map<Grapheme, Glyph>): Glyph {
  const found = ofStyle.get(grapheme);
  if (found !== undefined) return found;
  const { text, columns, reach } = grapheme;
  const glyph: Glyph = { text, columns, reach, style };
  if (ofStyle.size >= GLYPHS_MAX) ofStyle.clear();
  ofStyle.set(grapheme, glyph);
  return glyph;
}

/**
 * The cached glyphs of a style. Glyphs of a style with a link are not cached, because such a style occurs in one message only.
 */
function glyphsOf(style: Style): Map<Grapheme, Glyph> {
  const found = glyphs.get(style);
  if (found !== undefined) return found;
  const made = new Map<Grapheme, Glyph>();
  if (style.link === undefined) glyphs.set(style, made);
  return made;
}

/** Pieces side by side in one row of any width. */
export function rowOf(pieces: readonly Piece[]): Row {
  const row: Glyph[] = [];
  for (const { text, style } of pieces) {
    const ofStyle = glyphsOf(style);
    for (const grapheme of graphemesOf(text)) row.push(glyphOf(grapheme, style, ofStyle));
  }
  return row;
}

export function widthOf(row: Row): number {
  let sum = 0;
  for (const { columns } of row) sum += columns;
  return sum;
}

/** The row cut to `columns`. */
export function clipped(row: Row, columns: number): Row {
  let left = columns;
  const end = row.findIndex((glyph) => {
    left -= glyph.columns;
    return left < 0;
  });
  return end < 0 ? row : row.slice(0, end);
}

/** The row cut to `columns`, with `…` at the cut. */
export function shortened(row: Row, columns: number): Row {
  if (widthOf(row) <= columns) return row;
  const shown = clipped(row, columns - 1);
  return [...shown, ...rowOf([{ text: '…', style: shown.at(-1)?.style ?? PLAIN }])];
}

/** The row padded with blanks of `style` to `columns`. */
export function padded(row: Row, columns: number, style: Style): Row {
  const shown = clipped(row, columns);
  const blank = glyphOf(BLANK, style, glyphsOf(style));
  const filled = shown.slice();
  for (let left = columns - widthOf(shown); left > 0; left -= 1) filled.push(blank);
  return filled;
}

/**
 * A row of `columns` with `left` at its left end and `right` at its right end. If both do not fit, `right` is omitted.
 */
export function spread(left: Row, right: Row, columns: number, style: Style): Row {
  const room = columns - widthOf(right) - 1;
  if (widthOf(left) > room) return padded(left, columns, style);
  return [...padded(left, room + 1, style), ...right];
}

/**
 * Pieces in rows of at most `columns`, broken at blanks and line breaks, and inside words that are too long for a row.
 * Returns at least one row. `columns` is at least 2.
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
    const ofStyle = glyphsOf(style);
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) end([]);
      for (const one of graphemesOf(line)) {
        const grapheme = one.columns > columns ? TOO_WIDE : one;
        if (width + grapheme.columns > columns) {
          // A blank that does not fit into the row is replaced by the line break.
          if (grapheme.text === ' ') {
            end([]);
            continue;
          }
          end(blankAt >= 0 ? row.splice(blankAt + 1) : []);
        }
        if (grapheme.text === ' ') blankAt = row.length;
        row.push(glyphOf(grapheme, style, ofStyle));
        width += grapheme.columns;
      }
    }
  }
  rows.push(row);
  return rows;
}
