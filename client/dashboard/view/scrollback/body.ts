// The text of a message as styled pieces: bold, italics, mentions, and links followed by their host. Control characters are removed.
import { sanitiseLine, sanitiseRanges } from '../../../../core/protocol/message/sanitise.js';
import { isSafeUrl, type Span } from '../../../../core/protocol/message/spans.js';
import { type Piece, piece, type Style } from '../../../../screen/paint/style.js';
import type { Theme } from '../../../../screen/paint/theme.js';

type Stretch = Pick<Span, 'start' | 'end'>;
type Range = Span | (Stretch & { readonly style: 'MENTION' });

/** A text with the ranges of its styles, in UTF-16 units. */
interface StyledText {
  readonly text: string;
  readonly ranges: readonly Range[];
}

/**
 * The text of an entry: a plain string, or a text with styles. Most messages have no styles, and 20,000 are kept for each
 * conversation, so the plain form saves memory.
 */
export type Body = string | StyledText;

/** @param mentions ranges that mention the user, in UTF-16 units */
export function bodyOf(text: string, spans: readonly Span[], mentions: readonly Stretch[]): Body {
  const marked = mentions.map((mention): Range => ({ style: 'MENTION', ...mention }));
  const safe = sanitiseRanges<Range>(text.replaceAll('\t', '  '), shifted([...spans, ...marked], text));
  return safe.ranges.length === 0 ? safe.text : safe;
}

/** The addresses of all links in the text that are safe to open, in the order of the text. */
export function linksIn(body: Body): readonly string[] {
  if (typeof body === 'string') return [];
  return body.ranges.flatMap((range) =>
    range.style === 'HYPERLINK' && isSafeUrl(range.url) ? [range.url] : [],
  );
}

/** @param base the style of this kind of entry */
export function piecesOf(body: Body, base: Style, theme: Theme): readonly Piece[] {
  if (typeof body === 'string') return [piece(body, base)];
  const safe = body;
  const cuts = new Set([0, safe.text.length]);
  for (const { start, end } of safe.ranges) cuts.add(start).add(end);
  const places = [...cuts].filter((cut) => cut <= safe.text.length).sort((one, other) => one - other);
  return places.slice(1).flatMap((end, index) => {
    const start = places[index] ?? 0;
    const within = safe.ranges.filter((range) => range.start <= start && end <= range.end);
    const stretch = piece(safe.text.slice(start, end), styleWithin(within, base, theme));
    return [stretch, ...placesAt(end, safe, theme)];
  });
}

/** Ranges adapted to the shown text, in which each tab is replaced by two blanks. */
function shifted(ranges: readonly Range[], text: string): readonly Range[] {
  if (!text.includes('\t')) return ranges;
  const tabsBefore = (place: number): number => text.slice(0, place).split('\t').length - 1;
  return ranges.map((range) => ({
    ...range,
    start: range.start + tabsBefore(range.start),
    end: range.end + tabsBefore(range.end),
  }));
}

function styleWithin(ranges: readonly Range[], base: Style, theme: Theme): Style {
  return ranges.reduce<Style>((style, range) => {
    switch (range.style) {
      case 'BOLD':
        return { ...style, isBold: true };
      case 'ITALIC':
        return { ...style, isItalic: true };
      case 'MENTION':
        return { ...style, ...theme.mention };
      case 'HYPERLINK':
        return isSafeUrl(range.url) ? { ...style, ...theme.link, link: range.url } : style;
    }
    return range satisfies never;
  }, base);
}

/** The hosts of the links that end at `end`. A link whose label is its address gets no host. */
function placesAt(
  end: number,
  { text, ranges }: { readonly text: string; readonly ranges: readonly Range[] },
  theme: Theme,
): readonly Piece[] {
  return ranges.flatMap((range) => {
    if (range.style !== 'HYPERLINK' || range.end !== end || !isSafeUrl(range.url)) return [];
    const label = text.slice(range.start, range.end);
    if ([label, `mailto:${label}`].includes(range.url)) return [];
    const { host, pathname, protocol } = new URL(range.url);
    return [piece(` <${sanitiseLine(protocol === 'mailto:' ? pathname : host)}>`, theme.faint)];
  });
}
