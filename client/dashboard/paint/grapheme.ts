// Text as a terminal shows it: graphemes, each one or two columns wide.
import stringWidth from 'string-width';

export interface Grapheme {
  readonly text: string;
  readonly columns: 1 | 2;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const PLAIN = /^[\u0020-\u007e]*$/;
const KNOWN_MAX = 20_000;
const known = new Map<string, Grapheme>();

/** The graphemes of one line. What would take no column is left out: it has nothing to be seen on. */
export function graphemesOf(text: string): readonly Grapheme[] {
  if (PLAIN.test(text)) return Array.from(text, graphemeOf);
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
    .filter((segment) => stringWidth(segment) > 0)
    .map(graphemeOf);
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

function graphemeOf(text: string): Grapheme {
  const found = known.get(text);
  if (found !== undefined) return found;
  const grapheme: Grapheme = { text, columns: stringWidth(text) > 1 ? 2 : 1 };
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(text, grapheme);
  return grapheme;
}
