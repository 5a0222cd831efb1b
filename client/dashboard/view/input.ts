// The rows of the input line: the text that fits around the cursor, and the position of the cursor. Pure.
import type { Draft } from '../input/editor/draft.js';
import { columnsOf, graphemesOf } from '../paint/grapheme.js';
import { type Glyph, type Row, rowOf } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Theme } from '../paint/theme.js';

const ROWS_MAX = 6;
const SECRET = '•';

export interface InputView {
  readonly rows: readonly Row[];
  readonly cursor: { readonly x: number; readonly y: number };
}

/** The number of rows that a draft takes after its label. */
export function inputRowsOf(draft: Draft, label: string, columns: number): number {
  const room = roomBeside(label, columns);
  const { lines } = linesOf(draft, null);
  return Math.min(
    ROWS_MAX,
    lines.reduce((sum, line) => sum + brokenAt(line, room).length, 0),
  );
}

/**
 * @param label shown before the first line
 * @param secretAt the UTF-16 unit from which the text is hidden; null to hide nothing
 */
export function inputView(
  draft: Draft,
  secretAt: number | null,
  label: string,
  size: { readonly columns: number; readonly rows: number },
  theme: Theme,
): InputView {
  const indent = columnsOf(label);
  const room = roomBeside(label, size.columns);
  const { lines, line, column } = linesOf(draft, secretAt);
  const { rows, at, x } =
    size.rows === 1 ? sliding(lines, line, column, room) : broken(lines, line, column, room);
  const first = Math.max(0, Math.min(at - size.rows + 1, rows.length - size.rows));
  const shown = rows.slice(first, first + size.rows).map(({ letters, isNewLine }, index): Row => {
    const mark = isNewLine ? '·' : '';
    const lead = rowOf([piece(first + index === 0 ? label : mark.padStart(indent), theme.heading)]);
    return [...lead, ...letters.map((letter) => ({ ...letter, style: theme.input }))];
  });
  return { rows: shown, cursor: { x: indent + x, y: at - first } };
}

type Letter = Pick<Glyph, 'text' | 'columns'>;

function linesOf({ graphemes, at }: Draft, secretAt: number | null) {
  const lines: Letter[][] = [[]];
  let units = 0;
  let [line, column] = [0, 0];
  for (const [index, grapheme] of graphemes.entries()) {
    if (index === at) [line, column] = [lines.length - 1, lines.at(-1)?.length ?? 0];
    if (grapheme === '\n') lines.push([]);
    else {
      const isSecret = secretAt !== null && units >= secretAt;
      lines.at(-1)?.push(letterOf(isSecret ? SECRET : grapheme));
    }
    units += grapheme.length;
  }
  if (at >= graphemes.length) [line, column] = [lines.length - 1, lines.at(-1)?.length ?? 0];
  return { lines, line, column };
}

/** A grapheme without a column is shown as `·`, so that the cursor can move over it. */
function letterOf(grapheme: string): Letter {
  const [letter] = graphemesOf(grapheme);
  return letter ?? { text: '·', columns: 1 };
}

interface InputRow {
  readonly letters: readonly Letter[];
  /** Whether it begins after a line break. */
  readonly isNewLine: boolean;
}

/** The lines as rows, with the row and column of the cursor. */
interface InputRows {
  readonly rows: readonly InputRow[];
  readonly at: number;
  readonly x: number;
}

/** One column is reserved for the cursor after the last letter. */
function roomBeside(label: string, columns: number): number {
  return Math.max(2, columns - columnsOf(label) - 1);
}

/** One row for each line. The row of the cursor is shifted left until the cursor is visible. */
function sliding(
  lines: readonly (readonly Letter[])[],
  line: number,
  column: number,
  room: number,
): InputRows {
  const current = lines[line] ?? [];
  const shift = shiftFor(current, column, room);
  const rows = lines.map((letters, index) => ({
    letters: within(index === line ? letters.slice(shift) : letters, room),
    isNewLine: true,
  }));
  return { rows, at: line, x: widthOf(current.slice(shift, column)) };
}

/** As many rows for each line as it needs. */
function broken(
  lines: readonly (readonly Letter[])[],
  line: number,
  column: number,
  room: number,
): InputRows {
  const rows: InputRow[] = [];
  let [at, x] = [0, 0];
  for (const [index, letters] of lines.entries()) {
    const starts = brokenAt(letters, room);
    for (const [part, start] of starts.entries()) {
      if (index === line && column >= start) [at, x] = [rows.length, widthOf(letters.slice(start, column))];
      rows.push({ letters: letters.slice(start, starts[part + 1]), isNewLine: part === 0 });
    }
  }
  return { rows, at, x };
}

/** The indices at which the rows of a line begin. */
function brokenAt(letters: readonly Letter[], room: number): readonly number[] {
  const starts = [0];
  let width = 0;
  for (const [index, { columns }] of letters.entries()) {
    if (width + columns > room) {
      starts.push(index);
      width = 0;
    }
    width += columns;
  }
  return starts;
}

function widthOf(letters: readonly Letter[]): number {
  return letters.reduce((sum, { columns }) => sum + columns, 0);
}

/** The number of letters hidden at the left, so that the cursor is visible. */
function shiftFor(letters: readonly Letter[], column: number, room: number): number {
  let width = widthOf(letters.slice(0, column));
  let shift = 0;
  while (width > room && shift < column) {
    width -= letters[shift]?.columns ?? 0;
    shift += 1;
  }
  return shift;
}

function within(letters: readonly Letter[], room: number): readonly Letter[] {
  let left = room;
  const end = letters.findIndex(({ columns }) => {
    left -= columns;
    return left < 0;
  });
  return end < 0 ? letters : letters.slice(0, end);
}
