// Sanitised messages: the text of a message from outside made safe to show, its spans moved along.
import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../../../core/protocol/message/message.js';
import type { Proof } from '../../../core/protocol/message/proof.js';
import { sanitise, sanitiseRanges } from '../../../core/protocol/message/sanitise.js';
import { isVisible } from '../../../core/protocol/message/visible.js';

/** The message to show, the same object if nothing had to change; null if it would show nothing. */
export function sanitiseMessage(message: Message): Message | null {
  if (!isVisible(message.text)) return null;
  if (sanitise(message.text) === message.text) return message;
  const { text, ranges } = sanitiseRanges(message.text, message.spans);
  return { ...message, text, spans: [...ranges] };
}

/** The proof to store with the message that is shown. The proof of `received` does not fit a text that had to be sanitised. */
export function proofToStore(received: Message, shown: Message, proof: Proof | null): Proof | null {
  return isDeepStrictEqual(received, shown) ? proof : null;
}
