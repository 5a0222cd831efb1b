// How many columns of a terminal a text takes.

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const INVISIBLE = /^[\p{M}\p{Cf}\p{Cc}]+$/u;
const WIDE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

/** The graphemes of `text`, what an eye takes for one character, each with its columns. */
export function cellsOf(text: string): readonly { readonly text: string; readonly columns: number }[] {
  return Array.from(graphemes.segment(text), ({ segment }) => ({
    text: segment,
    columns: INVISIBLE.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1,
  }));
}

export function columnsOf(text: string): number {
  return cellsOf(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** Rows of cells as lines, each column as wide as its widest cell. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, columnsOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - columnsOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}
