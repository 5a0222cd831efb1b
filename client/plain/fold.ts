// Folding: breaks a line between words into rows as wide as the terminal. Output that is not a terminal is not folded.
import stringWidth from 'string-width';

/** Blanks and the word after them, with the style sequences in that word. */
const PIECES = /( *)([^ ]+)/g;
/** The indent of a continuation row. It aligns the row with the text; no line starts in that column. */
const INDENT = ' '.repeat(8);
const COLUMNS_MIN = 24;

/**
 * The rows of `line`, whose only escape sequences are styles. A word wider than a row is not broken, so that the terminal keeps
 * an address in one piece.
 */
export function folded(line: string, columns: number): readonly string[] {
  if (columns < COLUMNS_MIN || stringWidth(line) <= columns) return [line];
  const rows: string[] = [];
  let row = '';
  for (const [, blanks = '', word = ''] of line.matchAll(PIECES)) {
    // Measured whole: letters of two words can be wider or narrower together.
    const longer = row + blanks + word;
    // A new row gives more room only if its indent is narrower than the text on the present row.
    if (stringWidth(longer) > columns && stringWidth(row) + blanks.length > INDENT.length) {
      rows.push(row);
      row = INDENT + word;
    } else row = longer;
  }
  return [...rows, row];
}
