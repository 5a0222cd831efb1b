// Rows of a Markdown table.

/** One row; a bar inside a cell is no border. */
export const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The two rows that begin a table. */
export const head = (cells: readonly string[]): readonly string[] => [
  row(cells),
  `|${cells.map(() => '---|').join('')}`,
];
