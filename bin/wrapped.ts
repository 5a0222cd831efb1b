// Sentences as wide as the terminal they go to, broken at blanks; on the way into a pipe or a file they stay in one piece.
import { Help } from 'commander';

/** Where a sentence is written to: of `process.stdout` and `process.stderr` what matters here. */
export interface Sheet {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const DEFAULT_COLUMNS = 80;

/**
 * `text` in rows for `sheet`, all but the first behind `indent` blanks: what stands before the first is the caller's. A word
 * that is wider than a row, such as a path, is left to the terminal, which keeps it in one piece.
 */
export function wrapped(text: string, { isTTY, columns }: Sheet, indent = 0): string {
  if (isTTY !== true) return text;
  const rows = new Help().boxWrap(text, (columns || DEFAULT_COLUMNS) - indent);
  return rows.replaceAll('\n', `\n${' '.repeat(indent)}`);
}
