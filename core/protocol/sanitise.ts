// Text from outside made safe for a screen: what could move the cursor, hide, reorder or fake a line is taken out.

// Control characters (C0 but newline and tab, DEL, C1); bidirectional embeddings, overrides and isolates; the Arabic
// letter mark; zero-width space, word joiner and the invisible operators; the byte-order mark; interlinear annotation; tags.
// Zero-width joiner and non-joiner stay: emoji and several scripts need them.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LINE_BREAK = /\r\n|[\r\u0085\u2028\u2029]/g;

/** Something that points into a text, in UTF-16 units, end exclusive. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text without anything unsafe. Line breaks of every kind become `\n`; lone surrogates become U+FFFD. */
export function sanitise(text: string): string {
  return text.toWellFormed().replace(LINE_BREAK, '\n').replace(UNSAFE, '');
}

/** The same on one line: for names, reasons and whatever else must not break a row. */
export function sanitiseLine(text: string): string {
  return sanitise(text).replace(/[\n\t]+/g, ' ');
}

/** `sanitise`, with ranges moved along; a range that is left empty is dropped. */
export function sanitiseRanges<R extends Range>(
  text: string,
  ranges: readonly R[],
): { readonly text: string; readonly ranges: readonly R[] } {
  const clean = sanitise(text);
  if (clean === text) return { text, ranges };
  const moved = ranges
    .map((range) => ({
      ...range,
      start: sanitise(text.slice(0, range.start)).length,
      end: sanitise(text.slice(0, range.end)).length,
    }))
    .filter((range) => range.end > range.start && range.end <= clean.length);
  return { text: clean, ranges: moved };
}
