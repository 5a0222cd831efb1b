// A message's text for the screen: its styles and addresses put in, nothing unsafe left.
import { sanitiseLine, sanitiseRanges } from '../../core/protocol/message/sanitise.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { Ink } from './ink.js';

/**
 * The lines of `text`. A link whose label is not its address is followed by the address, so that nobody is sent
 * somewhere unseen. Sanitised again: it may come from an older peer.
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

/** The text cut wherever a style may change, and around each line break. */
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
