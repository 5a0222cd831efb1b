// The rows of the input line: the text that fits around the cursor, and the position of the cursor. Pure.
import type { Draft } from '../input/editor/draft.js';
import { columnsOf, graphemesOf } from '../../../screen/paint/grapheme.js';
import { type Glyph, type Row, rowOf } from '../../../screen/paint/row.js';
import { boundaryBefore, eachGrapheme } from '../../../screen/paint/segmentation.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';

const ROWS_MAX = 6;
const SECRET = '•';

export interface InputView {
  readonly rows: readonly Row[];
  readonly cursor: { readonly x: number; readonly y: number };
}

/** The number of rows that a draft takes after its label. */
export function inputRowsOf({ text }: Draft, label: string, columns: number): number {
  const room = roomBeside(label, columns);
  let rows = 0;
  for (let start = 0; start >= 0 && rows < ROWS_MAX; start = nextLine(text, start)) {
    rows += rowStarts({ text, secretAt: null }, start, room, ROWS_MAX).length;
  }
  return Math.min(ROWS_MAX, rows);
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
  const content = { text: draft.text, secretAt };
  const rows =
    size.rows === 1 ? [slidingRow(content, draft.at, room)] : wrappedRows(content, draft.at, room, size.rows);
  const shown = rows.map((row): Row => {
    const mark = row.isNewLine ? '·' : '';
    const lead = rowOf([piece(row.isFirst ? label : mark.padStart(indent), theme.heading)]);
    return [
      ...lead,
      ...lettersOf(content, row.from, row.to).map((letter) => ({ ...letter, style: theme.input })),
    ];
  });
  const y = Math.max(
    0,
    rows.findLastIndex(({ from }) => from <= draft.at),
  );
  const x = widthOf(lettersOf(content, rows[y]?.from ?? 0, draft.at));
  return { rows: shown, cursor: { x: indent + x, y } };
}

type Letter = Omit<Glyph, 'style'>;

/** The text of a draft. It is hidden from the UTF-16 unit `secretAt` on; null to hide nothing. */
interface Content {
  readonly text: string;
  readonly secretAt: number | null;
}

/** The part of the text shown in one row, in UTF-16 units. */
interface InputRow {
  readonly from: number;
  readonly to: number;
  /** Whether the row is the first row of the text. */
  readonly isFirst: boolean;
  /** Whether the row begins after a line break. */
  readonly isNewLine: boolean;
}

function letterAt({ text, secretAt }: Content, from: number, to: number): Letter {
  if (secretAt !== null && from >= secretAt) return letterOf(SECRET);
  return letterOf(text.slice(from, to));
}

function lettersOf(content: Content, from: number, to: number): readonly Letter[] {
  const letters: Letter[] = [];
  eachGrapheme(content.text, from, to, (start, end) => void letters.push(letterAt(content, start, end)));
  return letters;
}

/** A grapheme without a column is shown as `·`, so that the cursor can move over it. */
function letterOf(grapheme: string): Letter {
  const [letter = { text: '.', columns: 1, reach: 0 }] = graphemesOf(grapheme).concat(graphemesOf('·'));
  return letter;
}

/** The columns for text beside the label. One more column is reserved for the cursor after the last letter. */
function roomBeside(label: string, columns: number): number {
  return Math.max(2, columns - columnsOf(label) - 1);
}

/** The visible part of the line with the cursor, if only one row is shown. It always contains the cursor. */
function slidingRow(content: Content, at: number, room: number): InputRow {
  const { text } = content;
  const line = lineStart(text, at);
  let from = at;
  for (let left = room; from > line; ) {
    const before = boundaryBefore(text, from);
    left -= letterAt(content, before, from).columns;
    if (left < 0) break;
    from = before;
  }
  let [to, left] = [from, room];
  eachGrapheme(text, from, lineEnd(text, at), (start, end) => {
    left -= letterAt(content, start, end).columns;
    if (left < 0) return false;
    to = end;
    return true;
  });
  return { from, to, isFirst: line === 0, isNewLine: true };
}

/**
 * At most `most` rows. The row with the cursor is among them: it is the last row, unless the cursor is in the first `most` rows.
 */
function wrappedRows(content: Content, at: number, room: number, most: number): readonly InputRow[] {
  const { text } = content;
  const rows: InputRow[] = [];
  let line = lineStart(text, at);
  let above: readonly InputRow[] = rowsOfLine(content, line, room).filter(
    ({ from }) => from <= at || from === line,
  );
  for (;;) {
    rows.unshift(...above.slice(-(most - rows.length)));
    if (rows.length >= most || line === 0) break;
    line = lineStart(text, line - 1);
    above = rowsOfLine(content, line, room);
  }
  const last = rows.at(-1);
  for (let next = lineStart(text, at); next >= 0 && rows.length < most; next = nextLine(text, next)) {
    const below = rowsOfLine(content, next, room, most + 1);
    rows.push(...below.filter(({ from }) => from > (last?.from ?? -1)).slice(0, most - rows.length));
  }
  return rows;
}

function rowsOfLine(content: Content, line: number, room: number, most?: number): readonly InputRow[] {
  const end = lineEnd(content.text, line);
  const starts = rowStarts(content, line, room, most);
  return starts.map((from, index) => ({
    from,
    to: starts[index + 1] ?? end,
    isFirst: from === 0,
    isNewLine: index === 0,
  }));
}

/**
 * The first UTF-16 unit of each row of one line.
 * @param line the UTF-16 unit at which the line begins
 * @param most the most rows to return
 */
function rowStarts(
  content: Content,
  line: number,
  room: number,
  most = Number.POSITIVE_INFINITY,
): readonly number[] {
  const { text, secretAt } = content;
  const starts = [line];
  let width = 0;
  eachGrapheme(text, line, lineEnd(text, line), (from, to) => {
    const isPlain = to - from === 1 && text.charCodeAt(from) < 0x7f && secretAt === null;
    const columns = isPlain ? 1 : letterAt(content, from, to).columns;
    if (width + columns > room) {
      if (starts.length >= most) return false;
      starts.push(from);
      width = 0;
    }
    width += columns;
    return true;
  });
  return starts;
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The beginning of the line after the line that contains `at`; -1 if `at` is in the last line. */
function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? -1 : end + 1;
}

function widthOf(letters: readonly Letter[]): number {
  return letters.reduce((sum, { columns }) => sum + columns, 0);
}
