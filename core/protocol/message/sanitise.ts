// Text from outside made safe for a screen: what could move the cursor, hide, reorder or fake a line is taken out.

// Control characters but newline and tab; everything Unicode calls ignorable, that is invisible: the bidirectional
// marks, embeddings, overrides and isolates, zero-width spaces, fillers, tags; and the interlinear annotations.
// Zero-width joiner, non-joiner and the variation selectors stay: emoji and several scripts need them.
// The first alternative, captured, is a line break of any kind.
const BREAK_OR_UNSAFE =
  /(\r\n|[\r\u0085\u2028\u2029])|(?![\n\t\u200c\u200d\p{Variation_Selector}])[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Something that points into a text, in UTF-16 units, end exclusive. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text without anything unsafe. Line breaks of every kind become `\n`; lone surrogates become U+FFFD. */
export function sanitise(text: string): string {
  return text
    .toWellFormed()
    .replace(BREAK_OR_UNSAFE, (_, lineBreak: string | undefined) => (lineBreak === undefined ? '' : '\n'));
}

/** The same on one line: for names, reasons and whatever else must not break a row. */
export function sanitiseLine(text: string): string {
  return sanitise(text).replace(/[\n\t]+/g, ' ');
}

/** `sanitise`, with ranges moved along; a range that is left empty, or was outside the text, is dropped. */
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

/** For each place in `text`, its end included, the place in the sanitised text. */
function placesAfter(text: string): readonly number[] {
  const places: number[] = [];
  let shift = 0;
  for (const match of text.toWellFormed().matchAll(BREAK_OR_UNSAFE)) {
    while (places.length <= match.index) places.push(places.length - shift);
    const start = match.index - shift;
    const length = match[1] === undefined ? 0 : 1;
    // A place inside of what is replaced belongs behind it.
    for (let inside = 1; inside < match[0].length; inside += 1) places.push(start + length);
    shift += match[0].length - length;
  }
  while (places.length <= text.length) places.push(places.length - shift);
  return places;
}
