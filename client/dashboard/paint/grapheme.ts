// Text as a terminal shows it: graphemes, each one or two columns wide.
import stringWidth from 'string-width';

export interface Grapheme {
  readonly text: string;
  readonly columns: 1 | 2;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const PLAIN = /^[\u0020-\u007e]*$/;
const KNOWN_MAX = 20_000;
/** What is not plain is costly to split, and titles and lists show the same for every key. */
const SPLIT_MAX = 2_000;
const SPLIT_LENGTH_MAX = 256;
const split = new Map<string, readonly Grapheme[]>();
/** Null for what takes no column. */
const known = new Map<string, Grapheme | null>();

/** The graphemes of one line. What would take no column is left out: it has nothing to be seen on. */
export function graphemesOf(text: string): readonly Grapheme[] {
  if (PLAIN.test(text)) return visible(text);
  const found = split.get(text);
  if (found !== undefined) return found;
  const graphemes = visible(Array.from(segmenter.segment(text), ({ segment }) => segment));
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

/** How many columns `text` takes. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return graphemesOf(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** As much of `text` as fits, with `…` where it was cut, and blanks up to `columns`. */
export function fitted(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, columns);
  const blank = ' '.repeat(Math.max(0, columns - columnsOf(shown)));
  return align === 'left' ? shown + blank : blank + shown;
}

/** As much of `text` as fits, with `…` where it was cut. */
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

/** As many of the parts as have room, from the first on, with dots between them. */
export function fitting(parts: readonly string[], columns: number): string {
  let shown = '';
  for (const part of parts) {
    const next = shown === '' ? part : `${shown} · ${part}`;
    if (columnsOf(next) > columns) break;
    shown = next;
  }
  return shown;
}

/** Each is the same object wherever it stands. */
function graphemeOf(text: string): Grapheme | null {
  const found = known.get(text);
  if (found !== undefined) return found;
  const columns = stringWidth(text);
  const grapheme: Grapheme | null = columns === 0 ? null : { text, columns: columns > 1 ? 2 : 1 };
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(text, grapheme);
  return grapheme;
}
