// The fenced blocks of a document, in order.

export interface Fence {
  /** The text after the opening fence, e.g. `sh` or `text alice sees`. */
  readonly info: string;
  /** The lines that are not empty. */
  readonly lines: readonly string[];
}

export function fencesOf(document: string): readonly Fence[] {
  return [...document.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', body = '']) => ({
    info: info.trim(),
    lines: body.split('\n').filter((line) => line.trim() !== ''),
  }));
}
