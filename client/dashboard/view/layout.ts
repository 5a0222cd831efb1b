// Where everything stands on a screen of a given size. Pure.
import { type Arrangement, windowsIn } from './arrangement.js';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Layout {
  /** Without the line at its right, which follows it. */
  readonly sidebar: Rect;
  /** Each with its title in the first row. Only the active one where not all have room. */
  readonly windows: readonly { readonly index: number; readonly rect: Rect }[];
  /** Where lines go from top to bottom. */
  readonly dividers: readonly Rect[];
  readonly status: Rect;
  readonly input: Rect;
  readonly hint: Rect;
}

export const SMALLEST = { columns: 60, rows: 16 } as const;
const WINDOW = { columns: 28, rows: 4 } as const;
/** More than two stand beside each other only where each has so many columns. */
const READABLE = 60;

export interface Wishes {
  readonly arrangement: Arrangement;
  readonly active: number;
  readonly inputRows: number;
}

/** Null where the screen is too small for any of it. */
export function layoutOf(columns: number, rows: number, wishes: Wishes): Layout | null {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return null;
  const sidebarColumns = columns < 72 ? 16 : columns < 120 ? 20 : 26;
  const inputRows = Math.min(wishes.inputRows, Math.floor(rows / 3));
  const height = rows - inputRows - 2;
  const centre: Rect = { x: sidebarColumns + 1, y: 0, columns: columns - sidebarColumns - 1, rows: height };
  const grid = windowsOf(centre, wishes);
  const sidebarDivider: Rect = { x: sidebarColumns, y: 0, columns: 1, rows: height };
  return {
    sidebar: { x: 0, y: 0, columns: sidebarColumns, rows: height },
    ...grid,
    dividers: [sidebarDivider, ...grid.dividers],
    status: { x: 0, y: height, columns, rows: 1 },
    input: { x: 0, y: height + 1, columns, rows: inputRows },
    hint: { x: 0, y: rows - 1, columns, rows: 1 },
  };
}

/** As wished, else all below each other, else the active one alone. */
function windowsOf(centre: Rect, { arrangement, active }: Wishes): Pick<Layout, 'windows' | 'dividers'> {
  const parts = Array.from({ length: windowsIn(arrangement) }, (): Arrangement => 'window');
  for (const wished of [arrangement, { split: 'stacked', parts } as const]) {
    const { rects, dividers } = share(centre, wished);
    const isRoomy = rects.every(({ columns, rows }) => columns >= WINDOW.columns && rows >= WINDOW.rows);
    if (!isRoomy && rects.length > 1) continue;
    return { windows: rects.map((rect, index) => ({ index, rect })), dividers };
  }
  return { windows: [{ index: active, rect: centre }], dividers: [] };
}

interface Shares {
  readonly rects: readonly Rect[];
  readonly dividers: readonly Rect[];
}

/** Parts beside each other go on in a further row where lines would be too short to be read. */
function share(rect: Rect, arrangement: Arrangement): Shares {
  if (arrangement === 'window') return { rects: [rect], dividers: [] };
  const { split, parts } = arrangement;
  const isBeside = split === 'beside';
  const across = isBeside ? Math.min(parts.length, Math.max(2, Math.floor(rect.columns / READABLE))) : 1;
  const down = Math.ceil(parts.length / across);
  const width = Math.floor((rect.columns - (across - 1)) / across);
  const height = Math.floor(rect.rows / down);
  const right = rect.x + rect.columns;
  const shares = parts.map((part, index): Shares => {
    const [column, row] = [index % across, Math.floor(index / across)];
    const isLast = column === across - 1 || index === parts.length - 1;
    const x = rect.x + column * (width + 1);
    const own: Rect = {
      x,
      y: rect.y + row * height,
      columns: isLast ? right - x : width,
      rows: row === down - 1 ? rect.rows - row * height : height,
    };
    const { rects, dividers } = share(own, part);
    const line: Rect = { x: x + width, y: own.y, columns: 1, rows: own.rows };
    return { rects, dividers: isLast ? dividers : [...dividers, line] };
  });
  return {
    rects: shares.flatMap(({ rects }) => rects),
    dividers: shares.flatMap(({ dividers }) => dividers),
  };
}

export function isWithin(
  { x, y, columns, rows }: Rect,
  at: { readonly x: number; readonly y: number },
): boolean {
  return at.x >= x && at.x < x + columns && at.y >= y && at.y < y + rows;
}
