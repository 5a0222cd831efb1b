// A message's text as styled pieces: bold, italics, links with their true place, mentions. Nothing unsafe is left.
import { sanitiseLine, sanitiseRanges } from '../../../core/protocol/message/sanitise.js';
import { isSafeUrl, type Span } from '../../../core/protocol/message/spans.js';
import { type Piece, piece, type Style } from '../paint/style.js';
import type { Theme } from '../paint/theme.js';
import type { Body } from './entry.js';

type Stretch = Pick<Span, 'start' | 'end'>;
type Range = Span | (Stretch & { readonly style: 'MENTION' });

/** @param mentions where the user is mentioned, in UTF-16 units; @param base the style of the kind of entry it is for */
export function bodyOf(
  text: string,
  spans: readonly Span[],
  mentions: readonly Stretch[],
  base: Style,
  theme: Theme,
): Body {
  const marked = mentions.map((mention): Range => ({ style: 'MENTION', ...mention }));
  const safe = sanitiseRanges<Range>(text.replaceAll('\t', '  '), shifted([...spans, ...marked], text));
  if (safe.ranges.length === 0) return safe.text;
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

/** A tab becomes two blanks: what follows it moves on. */
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

/** Where a link leads that does not say so itself. */
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
