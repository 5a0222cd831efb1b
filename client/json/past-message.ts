// The JSON form of a stored message, for history pages, search results and exported files.
import type { Span } from '../../core/protocol/message/spans.js';
import type { PastMessage } from '../chat/results.js';
import type { BotMark, PastMessageObject, SpanObject } from './shapes.js';
import { isoTime } from './time.js';

export function pastMessageObject(message: PastMessage): PastMessageObject {
  const { conversation, from, id, text, spans, at, hops } = message;
  return { conversation, from, id, text, spans: spans.map(spanObject), at: isoTime(at), ...botMark(hops) };
}

/** The mark of a bot's message, with its hop count. A person's message has none. */
export const botMark = (hops: number | undefined): BotMark => (hops === undefined ? {} : { bot: true, hops });

/** `style` is in lower case. `url` is present on links only. */
export function spanObject(span: Span): SpanObject {
  const { start, end } = span;
  if (span.style === 'HYPERLINK') return { style: 'hyperlink', start, end, url: span.url };
  return { style: span.style === 'BOLD' ? 'bold' : 'italic', start, end };
}
