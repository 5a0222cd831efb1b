// The sanitiser of text from outside. It removes characters that could move the cursor, or hide, reorder or fake a
// line.

// Control characters except newline and tab; all ignorable (invisible) Unicode characters: bidirectional marks,
// embeddings, overrides and isolates, zero-width spaces, fillers and tags; and interlinear annotations. The zero-width
// joiner and non-joiner and the variation selectors stay, because emoji and several scripts need them. The first
// alternative, captured, is any kind of line break.
const BREAK_OR_UNSAFE =
  /(\r\n|[\r\u0085\u2028\u2029])|(?![\n\t\u200c\u200d\p{Variation_Selector}])[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** A range in a text, in UTF-16 units, with an exclusive end. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the text without unsafe characters. Line breaks of every kind become a line feed (U+000A); lone surrogates become
 * U+FFFD.
 */
export function sanitise(text: string): string {
  return text
    .toWellFormed()
    .replace(BREAK_OR_UNSAFE, (_, lineBreak: string | undefined) => (lineBreak === undefined ? '' : '\n'));
}

/** `sanitise` for text that must stay on one line: names, reasons and other table cells. */
export function sanitiseLine(text: string): string {
  return sanitise(text).replace(/[\n\t]+/g, ' ');
}

/** `sanitise` with ranges moved accordingly. A range that becomes empty, or was outside the text, is dropped. */
export function sanitiseRanges<R extends Range>(
  text: string,
  ranges: readonly R[],
): { readonly text: string; readonly ranges: readonly R[] } {
  if (ranges.length === 0) return { text: sanitise(text), ranges };
  const place = placesAfter(text);
  const moved = ranges.flatMap((range) => {
    const [start, end] = [place[range.start], place[range.end]];
    return start === undefined || end === undefined || end <= start ? [] : [{ ...range, start, end }];
  });
  return { text: sanitise(text), ranges: moved };
}

/** For each place in `text`, including its end, the place in the sanitised text. */
function placesAfter(text: string): readonly number[] {
  const places: number[] = [];
  let shift = 0;
  for (const match of text.toWellFormed().matchAll(BREAK_OR_UNSAFE)) {
    while (places.length <= match.index) places.push(places.length - shift);
    const start = match.index - shift;
    const length = match[1] === undefined ? 0 : 1;
    // A place inside a replaced sequence moves to the end of its replacement.
    for (let inside = 1; inside < match[0].length; inside += 1) places.push(start + length);
    shift += match[0].length - length;
  }
  while (places.length <= text.length) places.push(places.length - shift);
  return places;
}
