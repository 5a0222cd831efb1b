// The frames of a screen, and the bytes that turn one frame into the next. Pure.
import { colourCode, type Depth } from './colour.js';
import type { Row } from './row.js';
import type { Style } from './style.js';

/** One column of the screen. A wide grapheme takes several cells; `text` is empty in all of them except the first. */
export interface Cell {
  readonly style: Style;
  readonly text: string;
  /** See `Grapheme`. */
  readonly reach: number;
}

const PLAIN: Style = {};
const BLANK: Cell = { style: PLAIN, text: ' ', reach: 0 };
/** A cell that differs from every other cell. A frame of such cells makes `changes` write every cell. */
const UNKNOWN: Cell = { style: PLAIN, text: '\u0000', reach: 0 };
const CONTINUED = '';

// Switches automatic wrapping off, so that a grapheme that is wider than expected neither wraps into the next row nor scrolls the
// screen from the last row.
const BEGIN = '\u001b[?2026h\u001b[?25l\u001b[?7l';
const END = '\u001b[?7h\u001b[?2026l';

/** A screen of cells, from the top left. */
export class Frame {
  readonly cells: Cell[][];

  private constructor(
    readonly columns: number,
    readonly rows: number,
    fill: Cell,
  ) {
    const line = Array.from({ length: columns }, () => fill);
    this.cells = Array.from({ length: rows }, () => line.slice());
  }

  static blank(columns: number, rows: number): Frame {
    return new Frame(columns, rows, BLANK);
  }

  /** A frame for a screen with unknown content. */
  static unknown(columns: number, rows: number): Frame {
    return new Frame(columns, rows, UNKNOWN);
  }

  /** Makes all cells blank. */
  clear(): void {
    for (const line of this.cells) for (let x = 0; x < line.length; x += 1) line[x] = BLANK;
  }

  /** Puts a row at `x`, `y`, cut at `columns` and at the edge of the screen. A wide grapheme that does not fit is omitted. */
  put(x: number, y: number, row: Row, columns: number): void {
    const line = this.cells[y];
    if (line === undefined) return;
    const end = Math.min(x + columns, this.columns);
    let at = x;
    for (const glyph of row) {
      if (at + glyph.columns > end) break;
      // A glyph has the shape of a cell and is stored without a copy, because each key press puts thousands of glyphs.
      line[at] = glyph;
      for (let part = 1; part < glyph.columns; part += 1) {
        line[at + part] = { style: glyph.style, text: CONTINUED, reach: 0 };
      }
      at += glyph.columns;
    }
  }
}

/** The position of the cursor; null hides it. */
export type Cursor = { readonly x: number; readonly y: number } | null;

/** The bytes that make a screen change from `old` to `next`. Both frames have the same size. */
export function changes(old: Frame, next: Frame, cursor: Cursor, depth: Depth): string {
  const pen = new Pen(depth);
  for (let y = 0; y < next.rows; y += 1) {
    const line = next.cells[y] ?? [];
    const before = old.cells[y] ?? [];
    // The cells before this column may have been damaged by writing a cell to their left.
    let damagedTo = 0;
    for (let x = 0; x < line.length; x += 1) {
      const cell = line[x] ?? UNKNOWN;
      const was = before[x] ?? UNKNOWN;
      // Most cells are the same object from frame to frame.
      if (cell === was && x >= damagedTo && line[x + 1] === before[x + 1]) continue;
      if (cell.text === CONTINUED) continue;
      const columns = columnsAt(line, x);
      if (x >= damagedTo && columns === columnsAt(before, x) && same(was, cell)) continue;
      damagedTo = Math.max(damagedTo, endOf(before, x + Math.max(columns, cell.reach)));
      pen.write(x, y, cell, columns);
    }
  }
  const placing = cursor === null ? '' : `\u001b[${cursor.y + 1};${cursor.x + 1}H\u001b[?25h`;
  return `${BEGIN}${pen.lift()}${placing}${END}`;
}

/** The number of columns of the grapheme that begins at `x`. */
function columnsAt(line: readonly Cell[], x: number): number {
  let columns = 1;
  while (line[x + columns]?.text === CONTINUED) columns += 1;
  return columns;
}

/** `x`, or the end of the grapheme that `x` divides, because a terminal erases the whole grapheme. */
function endOf(line: readonly Cell[], x: number): number {
  let end = x;
  while (line[end]?.text === CONTINUED) end += 1;
  return end;
}

function same(one: Cell, other: Cell): boolean {
  return one.text === other.text && (one.style === other.style || looksSame(one.style, other.style));
}

function looksSame(one: Style, other: Style): boolean {
  return one.link === other.link && sgrOf(one, 'true') === sgrOf(other, 'true');
}

/** The output for a terminal, with the cursor position and style that the terminal has after it. */
class Pen {
  #written = '';
  #x = -1;
  #y = -1;
  #style = PLAIN;
  #sgr = '';
  #link = '';

  constructor(private readonly depth: Depth) {}

  write(x: number, y: number, { style, text, reach }: Cell, columns: number): void {
    const place = `\u001b[${y + 1};${x + 1}H`;
    if (x !== this.#x || y !== this.#y) this.#written += place;
    const sgr = style === this.#style ? this.#sgr : sgrOf(style, this.depth);
    this.#style = style;
    if (sgr !== this.#sgr) this.#written += `\u001b[0${sgr}m`;
    const link = style.link ?? '';
    if (link !== this.#link) this.#written += hyperlink(link);
    // If terminals disagree about the width, blanks fill the reserved columns first, and then the cursor is positioned again and
    // the text is written. Positioning also keeps the terminal from joining the text to the previous cell.
    this.#written += reach === 0 ? text : ' '.repeat(columns) + place + text;
    [this.#x, this.#y, this.#sgr, this.#link] = [reach === 0 ? x + columns : -1, y, sgr, link];
  }

  /** Ends the current link and style, and returns all output. */
  lift(): string {
    return this.#written + (this.#link === '' ? '' : hyperlink('')) + (this.#sgr === '' ? '' : '\u001b[0m');
  }
}

/** Equal addresses have equal ids, so that a terminal treats the rows of a wrapped link as one link. */
function hyperlink(url: string): string {
  return url === '' ? '\u001b]8;;\u001b\\' : `\u001b]8;id=${hashOf(url)};${url}\u001b\\`;
}

function hashOf(text: string): string {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) >>> 0;
  return hash.toString(36);
}

const codes = new WeakMap<Style, Map<Depth, string>>();

/** The SGR parameters that follow a reset, each with its semicolon. */
function sgrOf(style: Style, depth: Depth): string {
  const byDepth = codes.get(style) ?? new Map<Depth, string>();
  const found = byDepth.get(depth);
  if (found !== undefined) return found;
  const parts = [
    style.isBold === true ? '1' : '',
    style.isDim === true ? '2' : '',
    style.isItalic === true ? '3' : '',
    style.isUnderlined === true ? '4' : '',
    style.isInverse === true ? '7' : '',
    style.fg === undefined ? '' : colourCode(style.fg, 'fg', depth),
    style.bg === undefined ? '' : colourCode(style.bg, 'bg', depth),
  ];
  const sgr = parts
    .filter((part) => part !== '')
    .map((part) => `;${part}`)
    .join('');
  codes.set(style, byDepth.set(depth, sgr));
  return sgr;
}
