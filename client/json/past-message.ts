// The JSON form of a stored message, for history pages, search results and exported files.
import type { JsonObject } from '../../core/json.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { PastMessage } from '../chat/results.js';
import { isoTime } from './time.js';

export function pastMessageObject({ conversation, from, id, text, spans, at }: PastMessage): JsonObject {
  return { conversation, from, id, text, spans: spans.map(spanObject), at: isoTime(at) };
}

/** `style` is in lower case. `url` is present on links only. */
export function spanObject(span: Span): JsonObject {
  const object = { style: span.style.toLowerCase(), start: span.start, end: span.end };
  return span.style === 'HYPERLINK' ? { ...object, url: span.url } : object;
}
