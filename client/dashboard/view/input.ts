// The rows in which one types: what fits around the cursor, and where that is. Pure.
import type { Draft } from '../editor/draft.js';
import { columnsOf, graphemesOf } from '../paint/grapheme.js';
import { type Glyph, type Row, rowOf } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Theme } from '../theme.js';

const ROWS_MAX = 6;
const SECRET = '•';

export interface InputView {
  readonly rows: readonly Row[];
  readonly cursor: { readonly x: number; readonly y: number };
}

/** How many rows a draft takes. */
export function inputRowsOf(draft: Draft): number {
  return Math.min(ROWS_MAX, draft.graphemes.filter((grapheme) => grapheme === '\n').length + 1);
}

/**
 * @param label what stands before the first line
 * @param secretAt from which UTF-16 unit on nothing may be seen; null without anything secret
 */
export function inputView(
  draft: Draft,
  secretAt: number | null,
  label: string,
  size: { readonly columns: number; readonly rows: number },
  theme: Theme,
): InputView {
  const indent = columnsOf(label);
  const room = size.columns - indent - 1;
  const { lines, line, column } = linesOf(draft, secretAt);
  const first = Math.max(0, Math.min(line - size.rows + 1, lines.length - size.rows));
  const shift = shiftFor(lines[line] ?? [], column, room);
  const rows = lines.slice(first, first + size.rows).map((glyphs, index) => {
    const lead = rowOf([piece(first + index === 0 ? label : '·'.padStart(indent), theme.heading)]);
    const isCurrent = first + index === line;
    const shown = within(isCurrent ? glyphs.slice(shift) : glyphs, room);
    return [...lead, ...shown.map((text) => ({ ...text, style: theme.input }))];
  });
  const before = (lines[line] ?? []).slice(shift, column).reduce((sum, { columns }) => sum + columns, 0);
  return { rows, cursor: { x: indent + before, y: line - first } };
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

/** Every grapheme has its place, also one that is not to be seen by itself. */
function letterOf(grapheme: string): Letter {
  const [letter] = graphemesOf(grapheme);
  return letter ?? { text: '·', columns: 1 };
}

/** How many letters are out of sight at the left, so that the cursor is in sight. */
function shiftFor(letters: readonly Letter[], column: number, room: number): number {
  let width = letters.slice(0, column).reduce((sum, { columns }) => sum + columns, 0);
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
