// Topics for display: the text with its formatting spans, or plain text in which the host of a link follows its label.
import { LRUCache } from 'lru-cache';
import { type FormattedText, parseMarkup } from '../../core/protocol/message/markup.js';
import { isSafeUrl } from '../../core/protocol/message/spans.js';

/** A cache, because titles show the same topics after every key. */
const formatted = new LRUCache<string, FormattedText>({ max: 64 });

export function formattedTopic(topic: string): FormattedText {
  const found = formatted.get(topic) ?? parseMarkup(topic);
  formatted.set(topic, found);
  return found;
}

/** The topic without marks. The host of a link follows its label, unless the label is the address. */
export function plainTopic(topic: string): string {
  const { text, spans } = formattedTopic(topic);
  let [shown, at] = ['', 0];
  for (const span of spans) {
    if (span.style !== 'HYPERLINK' || !isSafeUrl(span.url)) continue;
    const label = text.slice(span.start, span.end);
    shown += text.slice(at, span.end);
    at = span.end;
    if (span.url !== label && span.url !== `mailto:${label}`) shown += ` <${new URL(span.url).host}>`;
  }
  return shown + text.slice(at);
}
