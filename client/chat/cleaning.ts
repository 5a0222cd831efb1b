// A message from outside made fit to be shown: its text sanitised, its spans moved along or dropped.
import { doSpansFit, type Message } from '../../core/protocol/message.js';
import { sanitiseLine, sanitiseRanges } from '../../core/protocol/sanitise.js';
import type { Span } from '../../core/protocol/spans.js';

/** The message to show, or what is wrong with it. */
export function clean(message: Message): Message | string {
  if (!doSpansFit(message.text, message.spans)) return 'its spans do not fit its text.';
  const { text, ranges } = sanitiseRanges(message.text, message.spans);
  if (text.trim() === '') return 'nothing of its text can be shown.';
  return { ...message, text, spans: ranges.filter(isShowable) };
}

// An address reaches the screen's control sequences as it is: one with controls or overrides in it is no link.
const isShowable = (span: Span): boolean => span.style !== 'HYPERLINK' || sanitiseLine(span.url) === span.url;
