// Sanitised messages: the text of a message from outside is made safe to show, and its spans are adjusted.
import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../../../core/protocol/message/message.js';
import type { Proof } from '../../../core/protocol/message/proof.js';
import { sanitise, sanitiseRanges } from '../../../core/protocol/message/sanitise.js';
import { isVisible } from '../../../core/protocol/message/visible.js';

/** The message to show; the same object if nothing had to change, null if its text is not visible. */
export function sanitiseMessage(message: Message): Message | null {
  if (!isVisible(message.text)) return null;
  if (sanitise(message.text) === message.text) return message;
  const { text, ranges } = sanitiseRanges(message.text, message.spans);
  return { ...message, text, spans: [...ranges] };
}

/**
 * The proof to store with the shown message; null if the text was sanitised, because the proof of `received` no longer fits it.
 */
export function proofToStore(received: Message, shown: Message, proof: Proof | null): Proof | null {
  return isDeepStrictEqual(received, shown) ? proof : null;
}
