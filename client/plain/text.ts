// The text of a message for the screen: sanitised, with its styles and the addresses of its links.
import { sanitiseLine, sanitiseRanges } from '../../core/protocol/message/sanitise.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { Ink } from './ink.js';

/**
 * The lines of `text`. The address follows every link whose label differs from it, so that the user sees the target.
 * The text is sanitised again because it may come from an older peer.
 */
export function textLines(text: string, spans: readonly Span[], ink: Ink): readonly string[] {
  const safe = sanitiseRanges(text, spans);
  const lines = [''];
  const append = (piece: string): void => {
    lines.push((lines.pop() ?? '') + piece);
  };
  for (const [start, end] of stretches(safe.text, safe.ranges)) {
    const piece = safe.text.slice(start, end);
    if (piece === '\n') lines.push('');
    else append(ink.styled(piece, styleAt(start, safe.ranges)));
    for (const address of addressesAt(end, safe.text, safe.ranges)) append(` <${address}>`);
  }
  return lines;
}

/** The ranges of the text between places where a style may change, with each line break as a range of its own. */
function stretches(text: string, spans: readonly Span[]): readonly (readonly [number, number])[] {
  const cuts = new Set([0, text.length]);
  for (const { start, end } of spans) cuts.add(start).add(end);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) cuts.add(at).add(at + 1);
  const places = [...cuts].filter((cut) => cut >= 0 && cut <= text.length).sort((one, other) => one - other);
  return places.slice(1).map((end, index) => [places[index] ?? 0, end]);
}

function styleAt(at: number, spans: readonly Span[]) {
  const styles = new Set(spans.filter(({ start, end }) => start <= at && at < end).map(({ style }) => style));
  return { isBold: styles.has('BOLD'), isItalic: styles.has('ITALIC') };
}

function addressesAt(end: number, text: string, spans: readonly Span[]): readonly string[] {
  return spans.flatMap((span) => {
    if (span.style !== 'HYPERLINK' || span.end !== end) return [];
    const label = text.slice(span.start, span.end);
    return [label, `mailto:${label}`].includes(span.url) ? [] : [sanitiseLine(span.url)];
  });
}
