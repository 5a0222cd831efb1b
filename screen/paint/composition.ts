// A screen described as panes: rectangles with the functions that paint them into a frame.
import type { Cursor, Frame } from './frame.js';
import type { Row } from './row.js';

/** A rectangle of cells, in columns and rows from the top left of the screen. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

/** A part of the screen. Later panes are painted over earlier panes. */
export interface Pane {
  readonly rect: Rect;
  readonly paint: (frame: Frame, rect: Rect) => void;
}

export interface Composition {
  readonly panes: readonly Pane[];
  readonly cursor: Cursor;
}

/** Returns what a screen of this size shows now. */
export type Compose = (columns: number, rows: number) => Composition;

/** A paint function that puts `rows` into its rectangle from the top. */
export function paintRows(rows: readonly Row[]): Pane['paint'] {
  return (frame, { x, y, columns, rows: height }) => {
    for (const [index, row] of rows.slice(0, height).entries()) frame.put(x, y + index, row, columns);
  };
}

export function isWithin(
  { x, y, columns, rows }: Rect,
  at: { readonly x: number; readonly y: number },
): boolean {
  return at.x >= x && at.x < x + columns && at.y >= y && at.y < y + rows;
}
