// Rows of a Markdown table.

/** One row. A bar inside a cell is escaped. */
export const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The two rows at the top of a table. */
export const head = (cells: readonly string[]): readonly string[] => [
  row(cells),
  `|${cells.map(() => '---|').join('')}`,
];
