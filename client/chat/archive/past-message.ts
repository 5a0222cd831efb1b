// A stored message in the form that faces get. It reads no history.
import { hopsOf } from '../../../core/protocol/message/hops.js';
import type { DatedMessage } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import { shownHops } from '../events.js';
import type { People } from '../people/people.js';
import type { PastMessage } from '../results.js';

export interface PastMessageParts {
  readonly conversations: Pick<Conversations, 'labelOf'>;
  readonly people: Pick<People, 'nameOf'>;
}

export function createPastMessages(parts: PastMessageParts): (stored: DatedMessage) => PastMessage {
  return ({ id, message, proof, at }) => {
    const { conversation, account, text, spans } = message;
    return {
      conversation: parts.conversations.labelOf(conversation),
      from: parts.people.nameOf(account),
      id,
      text,
      spans,
      at,
      ...shownHops(hopsOf(proof)),
    };
  };
}
