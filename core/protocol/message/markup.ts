// The parser of typed markup. It returns text with spans for: `**bold**`, `*italic*`, `[label](url)`, bare URLs, and
// `\` before a literal mark.
import { LinkifyIt } from 'linkify-it';
import { limits } from '../limits.js';
import { sanitise } from './sanitise.js';
import { isSafeUrl, type Span } from './spans.js';
import { isVisible } from './visible.js';

// Only addresses with a scheme become links; `readme.md` does not.
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// A label with escapes, then an address with one level of brackets. Both are limited to the size of a message; otherwise the
// stack of the regular expression could overflow. The alternatives exclude each other, so that hostile input takes linear time.
const LABELLED =
  /\[((?:[^[\]\n\\]|\\[\\*[\]()]|\\(?![\\*[\]()])){1,8192})\]\(((?:[^()\s]|\([^()\s]{0,2048}\)){1,2048})\)/y;
const ESCAPED = /\\([\\*[\]()])/y;
const ESCAPES = /\\([\\*[\]()])/g;
const STARS = /\*+/y;
const MARK = /[\\*[]/g;
/**
 * Next to these characters a star is literal: `2*3*4`, `src/*.ts`. ASCII only, because some scripts put no spaces
 * between words.
 */
const WORD = /[A-Za-z0-9_/]/;

export interface FormattedText {
  readonly text: string;
  /** In order of their start. */
  readonly spans: readonly Span[];
}

interface BareLink {
  readonly start: number;
  /** The address as it is written in the source. */
  readonly url: string;
}

/** An opening mark without its closing mark yet. */
interface Opener {
  readonly mark: '*' | '**';
  /** Index into the pieces. */
  readonly piece: number;
}

/**
 * Parses `source`. Incomplete marks stay as typed, and so does everything after the maximum number of spans. Takes
 * linear time.
 */
export function parseMarkup(source: string): FormattedText {
  return new MarkupReader(source.toWellFormed()).read();
}

/**
 * Parses a typed line that may contain unsafe characters. The result is safe. It is empty if marks surround invisible
 * characters only, because the marks alone would be left as text.
 */
export function parseTyped(line: string): FormattedText {
  const safe = sanitise(line);
  if (safe !== line && !isVisible(sanitise(parseMarkup(line).text))) return { text: '', spans: [] };
  return parseMarkup(safe);
}

class MarkupReader {
  /** The output in pieces, so that the pieces of matched marks can be blanked. */
  readonly #pieces: string[] = [];
  readonly #found: { style: 'BOLD' | 'ITALIC' | 'HYPERLINK'; from: number; to: number; url?: string }[] = [];
  readonly #openers: Opener[] = [];
  /** Indices of the single stars among the openers. */
  readonly #singles: number[] = [];
  /** In order of their start. */
  readonly #links: readonly BareLink[];
  /** The index of the first link that is not yet passed. */
  #nextLink = 0;
  #nextMark = -1;
  #at = 0;

  constructor(private readonly source: string) {
    this.#links = (linkify.match(source) ?? []).map(({ index, raw }) => ({
      start: index,
      url: withoutStars(raw),
    }));
  }

  read(): FormattedText {
    while (this.#at < this.source.length) {
      if (!(this.#escaped() || this.#bareLink() || this.#labelled() || this.#stars())) this.#plain();
    }
    return this.#assemble();
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.source);
  }

  #push(piece: string, consumed = piece.length): void {
    this.#pieces.push(piece);
    this.#at += consumed;
  }

  /** Consumes at least one character, up to the next that may be a mark. */
  #plain(): void {
    if (this.#nextMark <= this.#at) {
      MARK.lastIndex = this.#at + 1;
      this.#nextMark = MARK.exec(this.source)?.index ?? this.source.length;
    }
    const nextLink = this.#linkFrom(this.#at + 1)?.start ?? this.source.length;
    this.#push(this.source.slice(this.#at, Math.min(this.#nextMark, nextLink)));
  }

  #escaped(): boolean {
    const [whole, literal] = this.#match(ESCAPED) ?? [];
    if (whole === undefined || literal === undefined) return false;
    this.#push(literal, whole.length);
    return true;
  }

  #bareLink(): boolean {
    const link = this.#linkFrom(this.#at);
    if (link?.start !== this.#at || this.#isFull() || !isSafeUrl(link.url)) return false;
    this.#link(link.url, link.url, link.url.length);
    return true;
  }

  /** Returns the first bare link that starts at `place` or later. Successive places must not decrease. */
  #linkFrom(place: number): BareLink | undefined {
    while ((this.#links[this.#nextLink]?.start ?? place) < place) this.#nextLink += 1;
    return this.#links[this.#nextLink];
  }

  #labelled(): boolean {
    const [whole, label, url] = this.#match(LABELLED) ?? [];
    if (whole === undefined || label === undefined || url === undefined) return false;
    if (this.#isFull() || !isSafeUrl(url)) return false;
    this.#link(label.replace(ESCAPES, '$1'), url, whole.length);
    return true;
  }

  #link(label: string, url: string, consumed: number): void {
    this.#push(label, consumed);
    this.#found.push({ style: 'HYPERLINK', from: this.#pieces.length - 1, to: this.#pieces.length, url });
  }

  /** Consumes a sequence of stars: it first closes the matching openers; the remaining stars become openers. */
  #stars(): boolean {
    const [run] = this.#match(STARS) ?? [];
    if (run === undefined) return false;
    const before = this.source[this.#at - 1] ?? ' ';
    const after = this.source[this.#at + run.length] ?? ' ';
    const canClose = /\S/.test(before) && !WORD.test(after);
    const canOpen = /\S/.test(after) && !WORD.test(before);
    let left = run.length;
    while (left > 0) {
      const closed = canClose ? this.#close(left) : 0;
      const mark = left >= 2 ? '**' : '*';
      if (closed === 0) {
        if (canOpen) this.#open(mark);
        this.#push(mark);
      }
      left -= closed || mark.length;
    }
    return true;
  }

  #open(mark: Opener['mark']): void {
    if (mark === '*') this.#singles.push(this.#openers.length);
    this.#openers.push({ mark, piece: this.#pieces.length });
  }

  /** Closes the innermost opener for which `length` stars suffice; returns the number of stars used. */
  #close(length: number): number {
    const index = length >= 2 ? this.#openers.length - 1 : (this.#singles.at(-1) ?? -1);
    const opener = this.#openers[index];
    if (opener === undefined || opener.piece === this.#pieces.length - 1 || this.#isFull()) return 0;
    this.#openers.length = index;
    while ((this.#singles.at(-1) ?? -1) >= index) this.#singles.pop();
    this.#pieces[opener.piece] = '';
    this.#at += opener.mark.length;
    const style = opener.mark === '**' ? 'BOLD' : 'ITALIC';
    this.#found.push({ style, from: opener.piece, to: this.#pieces.length });
    return opener.mark.length;
  }

  #isFull(): boolean {
    return this.#found.length >= limits.spansPerMessage;
  }

  #assemble(): FormattedText {
    const starts = [0];
    for (const piece of this.#pieces) starts.push((starts.at(-1) ?? 0) + piece.length);
    const spans = this.#found.map(({ style, from, to, url }): Span => {
      const place = { start: starts[from] ?? 0, end: starts[to] ?? 0 };
      return style === 'HYPERLINK' ? { style, ...place, url: url ?? '' } : { style, ...place };
    });
    spans.sort((one, other) => one.start - other.start || other.end - one.end);
    return { text: this.#pieces.join(''), spans };
  }
}

/** Returns an address without trailing stars, which close earlier marks. (`/\*+$/` takes quadratic time.) */
function withoutStars(address: string): string {
  let end = address.length;
  while (address[end - 1] === '*') end -= 1;
  return address.slice(0, end);
}
