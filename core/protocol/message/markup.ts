// Typed markup to text with spans: `**bold**`, `*italic*`, `[label](url)`, bare URLs, and `\` before a literal mark.
import { LinkifyIt } from 'linkify-it';
import { limits } from '../limits.js';
import { isSafeUrl, type Span } from './spans.js';

// Only addresses with a scheme: `readme.md` is no link.
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// A label with its escapes, then an address with one level of brackets; both no longer than a message could hold, or the
// expression's own stack overflows. The alternatives exclude each other, so that hostile input costs no more than its length.
const LABELLED =
  /\[((?:[^[\]\n\\]|\\[\\*[\]()]|\\(?![\\*[\]()])){1,8192})\]\(((?:[^()\s]|\([^()\s]{0,2048}\)){1,2048})\)/y;
const ESCAPED = /\\([\\*[\]()])/y;
const ESCAPES = /\\([\\*[\]()])/g;
const STARS = /\*+/y;
const MARK = /[\\*[]/g;
/** Beside these a star is a star: `2*3*4`, `src/*.ts`. ASCII alone, since some scripts put no spaces between words. */
const WORD = /[A-Za-z0-9_/]/;

export interface FormattedText {
  readonly text: string;
  /** In order of their start. */
  readonly spans: readonly Span[];
}

interface BareLink {
  readonly start: number;
  /** As it stands in the source. */
  readonly url: string;
}

/** An opened mark that waits for its partner: where it stands in the output. */
interface Opener {
  readonly mark: '*' | '**';
  /** Index into the pieces. */
  readonly piece: number;
}

/**
 * Reads `source`; whatever is no complete mark stays as it was typed, and so does what comes after as many spans as a
 * message may have. Takes time in proportion to the source.
 */
export function parseMarkup(source: string): FormattedText {
  return new MarkupReader(source.toWellFormed()).read();
}

class MarkupReader {
  /** The output in pieces, so that a mark that finds a partner can be blanked. */
  readonly #pieces: string[] = [];
  readonly #found: { style: 'BOLD' | 'ITALIC' | 'HYPERLINK'; from: number; to: number; url?: string }[] = [];
  readonly #openers: Opener[] = [];
  /** Indices of the single stars among the openers. */
  readonly #singles: number[] = [];
  /** In order of their start. */
  readonly #links: readonly BareLink[];
  /** The first link that does not lie behind us. */
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

  /** Takes one character at least, and all before the next that may mean something. */
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

  /** The first bare link that starts at `place` or later; places asked for never decrease. */
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

  /** A run of stars closes what it can, and what is left of it opens. */
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

  /** Closes the innermost opener that `length` stars suffice for; says how many it used. */
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

/** An address without the stars at its end, which close what began before it. (`/\*+$/` is quadratic.) */
function withoutStars(address: string): string {
  let end = address.length;
  while (address[end - 1] === '*') end -= 1;
  return address.slice(0, end);
}
