// Rows of cells as aligned lines.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';

const GAP = '  ';

/** Each column is as wide as its longest cell. Cells are made safe for a screen. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const safe = rows.map((row) => row.map(sanitiseLine));
  const widths: number[] = [];
  for (const row of safe) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return safe.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

const TITLE_WIDTH = 12;

/** A title in the first column, with the lines beside it. */
export function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(TITLE_WIDTH)}${line}`.trimEnd());
}
