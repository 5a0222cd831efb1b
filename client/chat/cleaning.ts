// A message from outside made fit to be shown: its text sanitised, its spans moved along.
import type { Message } from '../../core/protocol/message.js';
import { sanitiseRanges } from '../../core/protocol/sanitise.js';

/** The message to show; null if nothing of its text can be. */
export function clean(message: Message): Message | null {
  const { text, ranges } = sanitiseRanges(message.text, message.spans);
  return text.trim() === '' ? null : { ...message, text, spans: [...ranges] };
}
