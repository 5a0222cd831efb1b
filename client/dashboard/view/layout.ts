// Where everything stands on a screen of a given size. Pure.
import { type Arrangement, windowsIn } from './arrangement.js';

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Layout {
  /** Without the line at its right, which follows it. */
  readonly sidebar: Place;
  /** Each with its title in the first row. Only the active one where not all have room. */
  readonly windows: readonly { readonly index: number; readonly place: Place }[];
  /** Where lines go from top to bottom. */
  readonly lines: readonly Place[];
  readonly status: Place;
  readonly input: Place;
  readonly hint: Place;
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
  const centre: Place = { x: sidebarColumns + 1, y: 0, columns: columns - sidebarColumns - 1, rows: height };
  const grid = windowsOf(centre, wishes);
  const sidebarLine: Place = { x: sidebarColumns, y: 0, columns: 1, rows: height };
  return {
    sidebar: { x: 0, y: 0, columns: sidebarColumns, rows: height },
    ...grid,
    lines: [sidebarLine, ...grid.lines],
    status: { x: 0, y: height, columns, rows: 1 },
    input: { x: 0, y: height + 1, columns, rows: inputRows },
    hint: { x: 0, y: rows - 1, columns, rows: 1 },
  };
}

/** As wished, else all below each other, else the active one alone. */
function windowsOf(centre: Place, { arrangement, active }: Wishes): Pick<Layout, 'windows' | 'lines'> {
  const parts = Array.from({ length: windowsIn(arrangement) }, (): Arrangement => 'window');
  for (const wished of [arrangement, { split: 'stacked', parts } as const]) {
    const { places, lines } = share(centre, wished);
    const isRoomy = places.every(({ columns, rows }) => columns >= WINDOW.columns && rows >= WINDOW.rows);
    if (!isRoomy && places.length > 1) continue;
    return { windows: places.map((place, index) => ({ index, place })), lines };
  }
  return { windows: [{ index: active, place: centre }], lines: [] };
}

interface Shares {
  readonly places: readonly Place[];
  readonly lines: readonly Place[];
}

/** Parts beside each other go on in a further row where lines would be too short to be read. */
function share(place: Place, arrangement: Arrangement): Shares {
  if (arrangement === 'window') return { places: [place], lines: [] };
  const { split, parts } = arrangement;
  const isBeside = split === 'beside';
  const across = isBeside ? Math.min(parts.length, Math.max(2, Math.floor(place.columns / READABLE))) : 1;
  const down = Math.ceil(parts.length / across);
  const width = Math.floor((place.columns - (across - 1)) / across);
  const height = Math.floor(place.rows / down);
  const right = place.x + place.columns;
  const shares = parts.map((part, index): Shares => {
    const [column, row] = [index % across, Math.floor(index / across)];
    const isLast = column === across - 1 || index === parts.length - 1;
    const x = place.x + column * (width + 1);
    const own: Place = {
      x,
      y: place.y + row * height,
      columns: isLast ? right - x : width,
      rows: row === down - 1 ? place.rows - row * height : height,
    };
    const { places, lines } = share(own, part);
    const line: Place = { x: x + width, y: own.y, columns: 1, rows: own.rows };
    return { places, lines: isLast ? lines : [...lines, line] };
  });
  return {
    places: shares.flatMap(({ places }) => places),
    lines: shares.flatMap(({ lines }) => lines),
  };
}

export function isWithin(
  { x, y, columns, rows }: Place,
  at: { readonly x: number; readonly y: number },
): boolean {
  return at.x >= x && at.x < x + columns && at.y >= y && at.y < y + rows;
}
