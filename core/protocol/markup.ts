// Typed markup to text with spans: `**bold**`, `*italic*`, `[label](url)`, bare URLs, and `\` before a literal mark.
import { LinkifyIt } from 'linkify-it';
import { isSafeUrl, type Span } from './spans.js';

// Only addresses with a scheme: `readme.md` is no link.
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
const LABELLED = /\[([^[\]\n]+)\]\(([^()\s]+)\)/y;
const ESCAPED = /\\([\\*[\]()])/y;
const STARS = /\*+/y;
/** Within a word a star is a star: `2*3*4`, `src/*.ts`. */
const WORD = /[A-Za-z0-9_]/;

export interface FormattedText {
  readonly text: string;
  /** In order of their start. */
  readonly spans: readonly Span[];
}

/** An opened mark that waits for its partner: where it stands in the output. */
interface Opener {
  readonly mark: '*' | '**';
  /** Index into the pieces. */
  readonly piece: number;
}

/** Reads `source`; whatever is no complete mark stays as it was typed. */
export function parseMarkup(source: string): FormattedText {
  return new MarkupReader(source).read();
}

class MarkupReader {
  /** The output in pieces, so that a mark that finds a partner can be blanked. */
  readonly #pieces: string[] = [];
  readonly #found: { style: 'BOLD' | 'ITALIC' | 'HYPERLINK'; from: number; to: number; url?: string }[] = [];
  readonly #openers: Opener[] = [];
  readonly #links: readonly { start: number; end: number; url: string }[];
  #at = 0;

  constructor(private readonly source: string) {
    this.#links = (linkify.match(source) ?? []).map((match) => {
      const raw = match.raw.replace(/\*+$/, '');
      return { start: match.index, end: match.index + raw.length, url: match.url.replace(/\*+$/, '') };
    });
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

  #plain(): void {
    const rest = this.source.slice(this.#at + 1).search(/[\\*[hHmM]/);
    this.#push(rest < 0 ? this.source.slice(this.#at) : this.source.slice(this.#at, this.#at + 1 + rest));
  }

  #escaped(): boolean {
    const [whole, literal] = this.#match(ESCAPED) ?? [];
    if (whole === undefined || literal === undefined) return false;
    this.#push(literal, whole.length);
    return true;
  }

  #bareLink(): boolean {
    const link = this.#links.find(({ start }) => start === this.#at);
    if (link === undefined || !isSafeUrl(link.url)) return false;
    this.#link(this.source.slice(link.start, link.end), link.url, link.end - link.start);
    return true;
  }

  #labelled(): boolean {
    const [whole, label, url] = this.#match(LABELLED) ?? [];
    if (whole === undefined || label === undefined || url === undefined || !isSafeUrl(url)) return false;
    this.#link(label, url, whole.length);
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
        if (canOpen) this.#openers.push({ mark, piece: this.#pieces.length });
        this.#push(mark);
      }
      left -= closed || mark.length;
    }
    return true;
  }

  /** Closes the innermost opener that `length` stars suffice for; says how many it used. */
  #close(length: number): number {
    const index = this.#openers.findLastIndex(({ mark }) => mark.length <= length);
    const opener = this.#openers[index];
    if (opener === undefined || opener.piece === this.#pieces.length - 1) return 0;
    this.#openers.length = index;
    this.#pieces[opener.piece] = '';
    this.#at += opener.mark.length;
    const style = opener.mark === '**' ? 'BOLD' : 'ITALIC';
    this.#found.push({ style, from: opener.piece, to: this.#pieces.length });
    return opener.mark.length;
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
