// Lines as wide as a terminal, broken between words. Elsewhere a line stays one line.
import stringWidth from 'string-width';

/** Blanks and the word behind them, with the styles that begin or end in it. */
const PIECES = /( *)([^ ]+)/g;
/** Under the text, in a column that no line starts in. */
const INDENT = ' '.repeat(8);
const COLUMNS_MIN = 24;

/**
 * The rows of `line`, whose only escape sequences are styles. A word that is wider than a row is left to the terminal, which
 * keeps an address in one piece.
 */
export function folded(line: string, columns: number): readonly string[] {
  if (columns < COLUMNS_MIN || stringWidth(line) <= columns) return [line];
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const [, blanks = '', word = ''] of line.matchAll(PIECES)) {
    const wide = stringWidth(word);
    if (width + blanks.length + wide > columns && width > INDENT.length) {
      rows.push(row);
      row = INDENT + word;
      width = INDENT.length + wide;
    } else {
      row += blanks + word;
      width += blanks.length + wide;
    }
  }
  return [...rows, row];
}
