// The places of the parts of the screen at a size. Pure.
import type { Rect } from '../../../screen/paint/composition.js';

export interface Layout {
  readonly header: Rect;
  /** The densities, then a row of marks and a row of times. */
  readonly timeline: Rect;
  /** The title row of the list and the subject, or of the two moments. */
  readonly middleTitle: Rect;
  /** Null in a split view. */
  readonly list: Rect | null;
  readonly subject: Rect;
  /** The subject at the other moment; null without a split view. */
  readonly other: Rect | null;
  readonly eventTitle: Rect;
  readonly events: Rect;
  readonly event: Rect;
  readonly footer: Rect;
}

export const LEAST = { columns: 50, rows: 16 } as const;
/** From this height on the densities take two rows. */
const TALL_ROWS = 36;
const WIDE_COLUMNS = 110;

/** Null for a screen that is too small. */
export function layoutOf(columns: number, rows: number, isSplit: boolean): Layout | null {
  if (columns < LEAST.columns || rows < LEAST.rows) return null;
  const row = (y: number, height = 1): Rect => ({ x: 0, y, columns, rows: height });
  const timelineRows = rows >= TALL_ROWS ? 4 : 3;
  const bodies = rows - timelineRows - 4;
  const middleRows = Math.floor(bodies / 2);
  const middle = 2 + timelineRows;
  const bottom = middle + middleRows + 1;
  const pair = (y: number, height: number, leftColumns: number): readonly [Rect, Rect] => [
    { x: 0, y, columns: leftColumns, rows: height },
    { x: leftColumns + 1, y, columns: columns - leftColumns - 1, rows: height },
  ];
  const isWide = columns >= WIDE_COLUMNS;
  const [left, right] = pair(
    middle,
    middleRows,
    isSplit ? Math.floor(columns / 2) : isWide ? 44 : Math.floor(columns * 0.4),
  );
  const [events, event] = pair(bottom, bodies - middleRows, isWide ? 62 : Math.floor(columns * 0.5));
  return {
    header: row(0),
    timeline: row(1, timelineRows),
    middleTitle: row(1 + timelineRows),
    list: isSplit ? null : left,
    subject: isSplit ? left : right,
    other: isSplit ? right : null,
    eventTitle: row(bottom - 1),
    events,
    event,
    footer: row(rows - 1),
  };
}
