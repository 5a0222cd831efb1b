// Where everything stands on a screen of a given size. Pure.

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

export type Split = 'beside' | 'stacked';

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

export interface Wishes {
  readonly windowCount: number;
  readonly active: number;
  readonly split: Split;
  readonly inputRows: number;
}

/** Null where the screen is too small for any of it. */
export function layoutOf(columns: number, rows: number, wishes: Wishes): Layout | null {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return null;
  const sidebarColumns = columns < 72 ? 16 : columns < 120 ? 20 : 26;
  const inputRows = Math.min(wishes.inputRows, Math.floor(rows / 3));
  const height = rows - inputRows - 2;
  const centre: Place = { x: sidebarColumns + 1, y: 0, columns: columns - sidebarColumns - 1, rows: height };
  const grid = gridOf(centre, wishes);
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

/** At most two beside each other, so that lines stay long enough to be read. */
function gridOf(centre: Place, { windowCount, active, split }: Wishes): Pick<Layout, 'windows' | 'lines'> {
  const across = split === 'beside' ? Math.min(2, windowCount) : 1;
  const down = Math.ceil(windowCount / across);
  const width = Math.floor((centre.columns - (across - 1)) / across);
  const height = Math.floor(centre.rows / down);
  const isRoomy = windowCount === 1 || (width >= WINDOW.columns && height >= WINDOW.rows);
  if (!isRoomy) return { windows: [{ index: active, place: centre }], lines: [] };
  const windows = Array.from({ length: windowCount }, (_, index) => {
    const [column, row] = [index % across, Math.floor(index / across)];
    const isLastColumn = column === across - 1 || index === windowCount - 1;
    const x = centre.x + column * (width + 1);
    const y = centre.y + row * height;
    const right = centre.x + centre.columns;
    const isLastRow = row === down - 1;
    const place: Place = {
      x,
      y,
      columns: isLastColumn ? right - x : width,
      rows: isLastRow ? centre.rows - row * height : height,
    };
    return { index, place };
  });
  const lines = windows
    .filter(({ place }) => place.x + place.columns < centre.x + centre.columns)
    .map(({ place }): Place => ({ x: place.x + place.columns, y: place.y, columns: 1, rows: place.rows }));
  return { windows, lines };
}

export function isWithin(
  { x, y, columns, rows }: Place,
  at: { readonly x: number; readonly y: number },
): boolean {
  return at.x >= x && at.x < x + columns && at.y >= y && at.y < y + rows;
}
