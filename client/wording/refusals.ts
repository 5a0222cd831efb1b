// The sentences about messages that did not reach somebody. A refusal that repeats gives no second sentence until a message of the
// conversation is delivered.
import type { ConversationLabel, Delivery } from '../chat/events.js';

export interface RefusalTeller {
  /** The sentence for a delivery event, without the name of the conversation; null if there is no news. */
  sentence(delivery: Delivery): string | null;
}

export function createRefusalTeller(): RefusalTeller {
  /** The sentences given since the last delivery, by conversation. */
  const given = new Map<ConversationLabel, Set<string>>();
  return {
    sentence({ conversation, state, refusal }) {
      if (state === 'delivered') given.delete(conversation);
      if (refusal === null) return null;
      const { by, reason } = refusal;
      const sentence =
        by === null
          ? `undelivered messages will not be sent: ${reason}`
          : `the terminal of ${by} refused a message: ${reason}`;
      const known = given.get(conversation) ?? new Set<string>();
      if (known.has(sentence)) return null;
      given.set(conversation, known.add(sentence));
      return sentence;
    },
  };
}
