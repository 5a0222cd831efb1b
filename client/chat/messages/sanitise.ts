// A message from outside made fit to be shown: its text sanitised, its spans moved along.
import type { Message } from '../../../core/protocol/message/message.js';
import { sanitise, sanitiseRanges } from '../../../core/protocol/message/sanitise.js';

/** The message to show, itself if it is fit as it is; null if nothing of its text can be. */
export function clean(message: Message): Message | null {
  if (message.text.trim() === '') return null;
  // Mostly there is nothing to clean, and then nothing moves.
  if (sanitise(message.text) === message.text) return message;
  const { text, ranges } = sanitiseRanges(message.text, message.spans);
  return text.trim() === '' ? null : { ...message, text, spans: [...ranges] };
}
