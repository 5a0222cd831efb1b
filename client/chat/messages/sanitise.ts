// Sanitised messages: the text of a message from outside made safe to show, its spans moved along.
import type { Message } from '../../../core/protocol/message/message.js';
import { sanitise, sanitiseRanges } from '../../../core/protocol/message/sanitise.js';

/** The message to show, the same object if nothing had to change; null if no text remains. */
export function sanitiseMessage(message: Message): Message | null {
  if (message.text.trim() === '') return null;
  if (sanitise(message.text) === message.text) return message;
  const { text, ranges } = sanitiseRanges(message.text, message.spans);
  return text.trim() === '' ? null : { ...message, text, spans: [...ranges] };
}
