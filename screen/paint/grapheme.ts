// Text as graphemes, each with the columns that the terminal needs for it. The characters of the terminal are set once for the
// process, because it has one terminal.
import stringWidth from 'string-width';
import { type Charset, shownText, unmeasured } from './charset.js';
import { type Grapheme, measuredGrapheme } from './grapheme-width.js';
import { splitGraphemes } from './segmentation.js';

export type { Grapheme };

let charset: Charset = unmeasured;

/** Sets the characters of the terminal. Rows that were made before this call are out of date. */
export function useCharset(next: Charset): void {
  charset = next;
  split.clear();
  known.clear();
}

const PLAIN = /^[\u0020-\u007e]*$/;
const KNOWN_MAX = 20_000;
/**
 * The most texts in the cache `split`. Texts that are not ASCII are costly to split, and titles and lists show the same texts
 * again after every key.
 */
const SPLIT_MAX = 2_000;
const SPLIT_LENGTH_MAX = 256;
/**
 * The graphemes of recent texts. Cleared when full, like the other caches of this folder: an LRU cache reorders an entry on each
 * read, and these caches are read for every grapheme that is painted.
 */
const split = new Map<string, readonly Grapheme[]>();
/** The measured graphemes by their text; null for a grapheme that takes no column. */
const known = new Map<string, Grapheme | null>();

/** The graphemes of one line. Graphemes that take no column are omitted. */
export function graphemesOf(text: string): readonly Grapheme[] {
  if (PLAIN.test(text)) return visible(text);
  const found = split.get(text);
  if (found !== undefined) return found;
  const graphemes = visible(splitGraphemes(text));
  if (split.size >= SPLIT_MAX) split.clear();
  if (text.length <= SPLIT_LENGTH_MAX) split.set(text, graphemes);
  return graphemes;
}

function visible(letters: Iterable<string>): readonly Grapheme[] {
  const graphemes: Grapheme[] = [];
  for (const letter of letters) {
    const grapheme = graphemeOf(letter);
    if (grapheme !== null) graphemes.push(grapheme);
  }
  return graphemes;
}

/** The number of columns that `text` takes. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return graphemesOf(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** `text` cut to `columns` with `…` at the cut, or padded with blanks to `columns`. */
export function fitted(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, columns);
  const blank = ' '.repeat(Math.max(0, columns - columnsOf(shown)));
  return align === 'left' ? shown + blank : blank + shown;
}

/** `text` cut to `columns`, with `…` at the cut. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let shown = '';
  let left = columns - 1;
  for (const grapheme of graphemesOf(text)) {
    left -= grapheme.columns;
    if (left < 0) break;
    shown += grapheme.text;
  }
  return columns > 0 ? `${shown}…` : '';
}

/** As many of the first parts as fit into `columns`, separated by dots. */
export function fitting(parts: readonly string[], columns: number): string {
  let shown = '';
  for (const part of parts) {
    const next = shown === '' ? part : `${shown} · ${part}`;
    if (columnsOf(next) > columns) break;
    shown = next;
  }
  return shown;
}

/** Returns the same object for equal graphemes. */
function graphemeOf(text: string): Grapheme | null {
  const found = known.get(text);
  if (found !== undefined) return found;
  const grapheme = stringWidth(text) === 0 ? null : measuredGrapheme(shownText(text, charset), charset);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(text, grapheme);
  return grapheme;
}
