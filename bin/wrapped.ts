// Sentences wrapped at blanks to the width of the terminal. For a pipe or a file they stay on one line.
import { Help } from 'commander';

/** The stream to which a sentence is written: the part of `process.stdout` and `process.stderr` that is needed. */
export interface Sheet {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const DEFAULT_COLUMNS = 80;

/**
 * `text` in rows for `sheet`. All rows but the first start with `indent` blanks; the caller writes the text before the
 * first. A word wider than a row, such as a path, stays whole, and the terminal breaks it.
 */
export function wrapped(text: string, { isTTY, columns }: Sheet, indent = 0): string {
  if (isTTY !== true) return text;
  const rows = new Help().boxWrap(text, (columns || DEFAULT_COLUMNS) - indent);
  return rows.replaceAll('\n', `\n${' '.repeat(indent)}`);
}
