// The boundaries of graphemes in a text. The time of `Intl.Segmenter` grows with the square of the length of a word. Therefore it
// is called only for short stretches of the text that begin at a known boundary. Most boundaries are certain without the
// segmenter.

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** The number of UTF-16 units that `eachGrapheme` segments in one call of the segmenter. */
const STRETCH = 256;
/** The most UTF-16 units of a grapheme. A longer grapheme is cut. */
const GRAPHEME_MAX = 4_096;

/**
 * Characters that join neither the character before nor after them, except for marks: printable ASCII and the letters and signs
 * of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Chinese, Japanese and Korean. There is always a boundary between two of
 * these characters.
 */
const SIMPLE: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e],
  [0xa0, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x482],
  [0x48a, 0x58f],
  [0x5d0, 0x5ea],
  [0x620, 0x64a],
  [0x1e00, 0x1fff],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x2190, 0x27bf],
  [0x3000, 0x3029],
  [0x3041, 0x3096],
  [0x309b, 0x312f],
  [0x3220, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff9d],
];

/** Whether a UTF-16 unit is in `SIMPLE`, indexed by its code. A bit set would not be faster. */
const simple = new Uint8Array(0x10000);
for (const [first, last] of SIMPLE) simple.fill(1, first, last + 1);
simple[0x0a] = 1;

function isSimple(text: string, at: number): boolean {
  return simple[text.charCodeAt(at)] === 1;
}

/** Whether a boundary at `at` is certain without the segmenter. If not, `at` may still be a boundary. */
function isCertain(text: string, at: number): boolean {
  return at <= 0 || at >= text.length || (isSimple(text, at - 1) && isSimple(text, at));
}

/** The end of a stretch, moved if necessary so that it does not split a surrogate pair. */
function uncut(text: string, end: number): number {
  return end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}

/** All graphemes of a text. */
export function splitGraphemes(text: string): readonly string[] {
  const graphemes: string[] = [];
  eachGrapheme(text, 0, text.length, (from, to) => void graphemes.push(text.slice(from, to)));
  return graphemes;
}

/**
 * Calls `visit` for each grapheme between two boundaries, and stops when `visit` returns false. The time grows linearly with the
 * number of graphemes.
 */
export function eachGrapheme(
  text: string,
  from: number,
  to: number,
  visit: (from: number, to: number) => boolean | void,
): void {
  for (let at = from; at < to; ) {
    if (isCertain(text, at + 1)) {
      if (visit(at, at + 1) === false) return;
      at += 1;
      continue;
    }
    const stretchEnd = uncut(text, Math.min(to, at + STRETCH));
    const segments = Array.from(segmenter.segment(text.slice(at, stretchEnd)));
    // The last grapheme may continue after the stretch.
    const isLast = stretchEnd >= to;
    const ends = segments.slice(1).map(({ index }) => at + index);
    if (isLast) ends.push(to);
    else if (ends.length === 0) ends.push(Math.min(to, boundaryAfter(text, at)));
    for (const end of ends) {
      if (visit(at, end) === false) return;
      at = end;
    }
  }
}

/** The next boundary after a boundary. */
export function boundaryAfter(text: string, at: number): number {
  if (at >= text.length - 1) return text.length;
  if (isCertain(text, at + 1)) return at + 1;
  for (let size = 16; ; size *= 4) {
    const stretch = text.slice(at, uncut(text, at + size));
    const [first] = segmenter.segment(stretch);
    const length = first?.segment.length ?? 1;
    if (length < stretch.length || at + length >= text.length || length >= GRAPHEME_MAX) return at + length;
  }
}

/** The boundary before a boundary. */
export function boundaryBefore(text: string, at: number): number {
  if (at <= 1) return 0;
  if (isCertain(text, at - 1)) return at - 1;
  return lastBoundary(text, at, (next) => next >= at);
}

/** The boundary at `at`, else the next one after it. */
export function boundaryFrom(text: string, at: number): number {
  if (isCertain(text, at)) return Math.max(0, Math.min(at, text.length));
  const before = lastBoundary(text, at, (next) => next > at);
  return before === at ? at : boundaryAfter(text, before);
}

/** The boundary at `at`, else the one before it. */
export function boundaryUpTo(text: string, at: number): number {
  return isCertain(text, at)
    ? Math.max(0, Math.min(at, text.length))
    : lastBoundary(text, at, (next) => next > at);
}

/** The last boundary before the first boundary for which `isBeyond` is true. */
function lastBoundary(text: string, at: number, isBeyond: (boundary: number) => boolean): number {
  let start = at - 1;
  while (at - start < GRAPHEME_MAX && !isCertain(text, start)) start -= 1;
  // A stretch that does not begin at a certain boundary must not begin in the middle of a surrogate pair.
  if (/[\udc00-\udfff]/.test(text.charAt(start))) start -= 1;
  for (;;) {
    const next = boundaryAfter(text, start);
    if (isBeyond(next) || next >= text.length) return start;
    start = next;
  }
}
