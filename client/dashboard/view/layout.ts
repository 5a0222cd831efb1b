// The layout of a screen of a given size: the rectangles of all its parts. Pure.
import type { Rect } from '../../../screen/paint/composition.js';
import { type Arrangement, type Split, windowsIn } from './arrangement.js';
import { dividedSizes } from './shares.js';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface WindowArea {
  readonly index: number;
  /** The rectangle of the window. The first row is the title. */
  readonly rect: Rect;
  /** The size of the text, without the title and the members. */
  readonly text: Size;
  /** The list of members at the right, without its divider; null if the window has no such list. */
  readonly members: Rect | null;
}

/** A border between two parts of an arrangement, which moves when it is dragged. */
export interface Border {
  readonly split: Split;
  /** A vertical line, or the title of the window below. */
  readonly rect: Rect;
  /** The path in the tree to the arrangement that the border divides: the index of a part at each level, from the outermost. */
  readonly path: readonly number[];
  /** The index of the part before the border. */
  readonly index: number;
  /** The cells of each part of the divided arrangement, and the least cells that each part needs. */
  readonly sizes: readonly number[];
  readonly least: readonly number[];
}

export interface Layout {
  readonly size: Size;
  /** The rectangle of the sidebar, without the divider at its right. */
  readonly sidebar: Rect;
  /** All windows; on a small screen only the active window. */
  readonly windows: readonly WindowArea[];
  /** Vertical lines, one column wide. */
  readonly dividers: readonly Rect[];
  readonly borders: readonly Border[];
  /** The arrangement as it is shown. If windows side by side would be too narrow, they are shown in several rows. */
  readonly arrangement: Arrangement;
  /** The rows above the status bar that show the problem of the input line. Zero rows high without a problem. */
  readonly problem: Rect;
  readonly status: Rect;
  readonly input: Rect;
  readonly hint: Rect;
}

export const SMALLEST: Size = { columns: 60, rows: 16 };
const WINDOW: Size = { columns: 28, rows: 4 };
/** More than two windows are shown side by side only if each has at least this many columns. */
const READABLE = 60;
/** The columns of a list of members with its divider, and the least columns of text beside it. */
const MEMBERS_COLUMNS = 21;
const TEXT_COLUMNS = 36;

export interface LayoutRequest {
  readonly arrangement: Arrangement;
  readonly active: number;
  readonly inputRows: number;
  readonly problemRows: number;
  /** Whether the window should have a list of members. */
  readonly hasMembers: (index: number) => boolean;
}

/** Null if the screen is too small. */
export function layoutOf(columns: number, rows: number, request: LayoutRequest): Layout | null {
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return null;
  const sidebarColumns = columns < 72 ? 16 : columns < 120 ? 20 : 26;
  const inputRows = Math.min(request.inputRows, Math.floor(rows / 3));
  const problemRows = Math.min(request.problemRows, Math.floor(rows / 4));
  const height = rows - inputRows - problemRows - 2;
  const centre: Rect = { x: sidebarColumns + 1, y: 0, columns: columns - sidebarColumns - 1, rows: height };
  const { arrangement, areas } = areasOf(centre, request);
  const windows = areas.rects.map(({ index, rect }) => windowArea(index, rect, request.hasMembers(index)));
  const memberDividers = windows.flatMap(({ members }) =>
    members === null ? [] : [{ ...members, x: members.x - 1, columns: 1 }],
  );
  const sidebarDivider: Rect = { x: sidebarColumns, y: 0, columns: 1, rows: height };
  return {
    size: { columns, rows },
    sidebar: { x: 0, y: 0, columns: sidebarColumns, rows: height },
    windows,
    dividers: [sidebarDivider, ...areas.dividers, ...memberDividers],
    borders: areas.borders,
    arrangement,
    problem: { x: 0, y: height, columns, rows: problemRows },
    status: { x: 0, y: height + problemRows, columns, rows: 1 },
    input: { x: 0, y: height + problemRows + 1, columns, rows: inputRows },
    hint: { x: 0, y: rows - 1, columns, rows: 1 },
  };
}

/** Whether a screen of this size shows all windows of the arrangement. */
export function hasRoomFor(arrangement: Arrangement, { columns, rows }: Size): boolean {
  const request = { arrangement, active: 0, inputRows: 1, problemRows: 0, hasMembers: () => false };
  const layout = layoutOf(columns, rows, request);
  return layout?.windows.length === windowsIn(arrangement);
}

function windowArea(index: number, rect: Rect, wantsMembers: boolean): WindowArea {
  const { x, y, columns, rows } = rect;
  const hasMembers = wantsMembers && columns >= MEMBERS_COLUMNS + TEXT_COLUMNS;
  const textColumns = hasMembers ? columns - MEMBERS_COLUMNS : columns;
  return {
    index,
    rect,
    text: { columns: textColumns, rows: rows - 1 },
    members: hasMembers
      ? { x: x + textColumns + 1, y: y + 1, columns: MEMBERS_COLUMNS - 1, rows: rows - 1 }
      : null,
  };
}

interface Areas {
  readonly rects: readonly { readonly index: number; readonly rect: Rect }[];
  readonly dividers: readonly Rect[];
  readonly borders: readonly Border[];
}

/**
 * Divides the space by the requested arrangement. If a window would be too small, stacks all windows; if they are still too
 * small, shows only the active window.
 */
function areasOf(
  centre: Rect,
  { arrangement, active }: LayoutRequest,
): { readonly arrangement: Arrangement; readonly areas: Areas } {
  const parts = Array.from({ length: windowsIn(arrangement) }, (): Arrangement => 'window');
  const stacked: Arrangement = parts.length > 1 ? { split: 'stacked', parts } : 'window';
  for (const candidate of [arrangement, stacked]) {
    const shaped = inRows(candidate, centre.columns);
    const areas = divided(centre, shaped, [], 0);
    const isRoomy = areas.rects.every(
      ({ rect }) => rect.columns >= WINDOW.columns && rect.rows >= WINDOW.rows,
    );
    if (isRoomy || areas.rects.length === 1) return { arrangement: shaped, areas };
  }
  return { arrangement, areas: { rects: [{ index: active, rect: centre }], dividers: [], borders: [] } };
}

/** Distributes windows side by side over several rows if they would be too narrow to read. */
function inRows(arrangement: Arrangement, columns: number): Arrangement {
  if (arrangement === 'window') return arrangement;
  const { split, parts } = arrangement;
  const across = Math.max(2, Math.floor(columns / READABLE));
  if (split === 'stacked' || parts.length <= across) {
    const width = split === 'stacked' ? columns : Math.floor((columns - parts.length + 1) / parts.length);
    return { ...arrangement, parts: parts.map((part) => inRows(part, width)) };
  }
  const rows = Array.from({ length: Math.ceil(parts.length / across) }, (_, row): Arrangement => {
    const [first = 'window', ...rest] = parts.slice(row * across, (row + 1) * across);
    return rest.length === 0 ? first : { split: 'beside', parts: [first, ...rest] };
  });
  return { split: 'stacked', parts: rows };
}

/** Divides `rect` among the parts of the arrangement. @param first the number of the first window in the arrangement */
function divided(rect: Rect, arrangement: Arrangement, path: readonly number[], first: number): Areas {
  if (arrangement === 'window') return { rects: [{ index: first, rect }], dividers: [], borders: [] };
  const { split, parts, shares } = arrangement;
  const isBeside = split === 'beside';
  const lines = isBeside ? parts.length - 1 : 0;
  const least = parts.map((part) => leastOf(part, split));
  const total = (isBeside ? rect.columns : rect.rows) - lines;
  const sizes = dividedSizes(total, shares ?? parts.map(() => 1), least);
  const areas: Areas[] = [];
  let [at, number] = [0, first];
  for (const [index, part] of parts.entries()) {
    const size = sizes[index] ?? 0;
    const own = isBeside
      ? { ...rect, x: rect.x + at, columns: size }
      : { ...rect, y: rect.y + at, rows: size };
    const line = isBeside ? { ...own, x: own.x + size, columns: 1 } : { ...own, y: own.y + size, rows: 1 };
    const hasLine = index < parts.length - 1;
    const border: Border = { split, rect: line, path, index, sizes, least };
    areas.push(divided(own, part, [...path, index], number));
    if (hasLine) areas.push({ rects: [], dividers: isBeside ? [line] : [], borders: [border] });
    at += size + (isBeside ? 1 : 0);
    number += windowsIn(part);
  }
  return {
    rects: areas.flatMap(({ rects }) => rects),
    dividers: areas.flatMap(({ dividers }) => dividers),
    borders: areas.flatMap(({ borders }) => borders),
  };
}

/** The least size of a part in the direction of `split`: columns for `beside`, rows for `stacked`. */
function leastOf(arrangement: Arrangement, split: Split): number {
  const one = split === 'beside' ? WINDOW.columns : WINDOW.rows;
  if (arrangement === 'window') return one;
  const all = arrangement.parts.map((part) => leastOf(part, split));
  if (arrangement.split !== split) return Math.max(...all);
  const lines = split === 'beside' ? all.length - 1 : 0;
  return all.reduce((sum, size) => sum + size, lines);
}
