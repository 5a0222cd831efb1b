// The layout of a screen of a given size: the rectangles of all its parts. Pure.
import type { Rect } from '../paint/composition.js';
import { type Arrangement, windowsIn } from './arrangement.js';

export interface Layout {
  /** Without the divider at its right. */
  readonly sidebar: Rect;
  /** The first row of each is its title. On a small screen it is the active window alone. */
  readonly windows: readonly { readonly index: number; readonly rect: Rect }[];
  /** Vertical lines, one column wide. */
  readonly dividers: readonly Rect[];
  readonly status: Rect;
  readonly input: Rect;
  readonly hint: Rect;
}

export const SMALLEST = { columns: 60, rows: 16 } as const;
const WINDOW = { columns: 28, rows: 4 } as const;
/** More than two windows are side by side only if each has this many columns. */
const READABLE = 60;

export interface LayoutRequest {
  readonly arrangement: Arrangement;
  readonly active: number;
  readonly inputRows: number;
}

/** Null if the screen is too small. */
export function layoutOf(columns: number, rows: number, request: LayoutRequest): Layout | null {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return null;
  const sidebarColumns = columns < 72 ? 16 : columns < 120 ? 20 : 26;
  const inputRows = Math.min(request.inputRows, Math.floor(rows / 3));
  const height = rows - inputRows - 2;
  const centre: Rect = { x: sidebarColumns + 1, y: 0, columns: columns - sidebarColumns - 1, rows: height };
  const grid = windowsOf(centre, request);
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

/** The arrangement as requested, else all windows stacked, else the active window alone. */
function windowsOf(
  centre: Rect,
  { arrangement, active }: LayoutRequest,
): Pick<Layout, 'windows' | 'dividers'> {
  const parts = Array.from({ length: windowsIn(arrangement) }, (): Arrangement => 'window');
  for (const candidate of [arrangement, { split: 'stacked', parts } as const]) {
    const { rects, dividers } = split(centre, candidate);
    const isRoomy = rects.every(({ columns, rows }) => columns >= WINDOW.columns && rows >= WINDOW.rows);
    if (!isRoomy && rects.length > 1) continue;
    return { windows: rects.map((rect, index) => ({ index, rect })), dividers };
  }
  return { windows: [{ index: active, rect: centre }], dividers: [] };
}

interface Areas {
  readonly rects: readonly Rect[];
  readonly dividers: readonly Rect[];
}

/** Parts side by side continue in another row when they would be too narrow to read. */
function split(rect: Rect, arrangement: Arrangement): Areas {
  if (arrangement === 'window') return { rects: [rect], dividers: [] };
  const { parts } = arrangement;
  const isBeside = arrangement.split === 'beside';
  const across = isBeside ? Math.min(parts.length, Math.max(2, Math.floor(rect.columns / READABLE))) : 1;
  const down = Math.ceil(parts.length / across);
  const width = Math.floor((rect.columns - (across - 1)) / across);
  const height = Math.floor(rect.rows / down);
  const right = rect.x + rect.columns;
  const areas = parts.map((part, index): Areas => {
    const [column, row] = [index % across, Math.floor(index / across)];
    const isLast = column === across - 1 || index === parts.length - 1;
    const x = rect.x + column * (width + 1);
    const own: Rect = {
      x,
      y: rect.y + row * height,
      columns: isLast ? right - x : width,
      rows: row === down - 1 ? rect.rows - row * height : height,
    };
    const { rects, dividers } = split(own, part);
    const line: Rect = { x: x + width, y: own.y, columns: 1, rows: own.rows };
    return { rects, dividers: isLast ? dividers : [...dividers, line] };
  });
  return {
    rects: areas.flatMap(({ rects }) => rects),
    dividers: areas.flatMap(({ dividers }) => dividers),
  };
}

/** The size of a window's text, without its title. */
export function textSize({ columns, rows }: Rect): { readonly columns: number; readonly rows: number } {
  return { columns, rows: rows - 1 };
}
