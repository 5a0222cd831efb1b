// The JSON form of a message from the history: on a page, in search results and in an exported file.
import type { JsonObject } from '../../core/json.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { PastMessage } from '../chat/results.js';
import { isoTime } from './time.js';

export function pastMessageObject({ conversation, from, id, text, spans, at }: PastMessage): JsonObject {
  return { conversation, from, id, text, spans: spans.map(spanObject), at: isoTime(at) };
}

/** The style in lower case. */
export function spanObject(span: Span): JsonObject {
  const object = { style: span.style.toLowerCase(), start: span.start, end: span.end };
  return span.style === 'HYPERLINK' ? { ...object, url: span.url } : object;
}
