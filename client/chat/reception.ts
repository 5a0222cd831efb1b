// Takes a message that has been judged good: stores it once, with what it is worth to who reads here, and shows it.
import type { AccountId } from '../../core/ids.js';
import { type HybridClock, millisecondsOf } from '../../core/protocol/hlc.js';
import { type Message, messageId, partiesOf } from '../../core/protocol/message.js';
import type { Proof } from '../../core/protocol/proof.js';
import type { History } from '../history/port.js';
import type { Attention } from './attention.js';
import type { Conversations } from './conversations.js';
import type { CarrierKind } from './events.js';
import type { People } from './people.js';
import type { Tell } from './peers.js';

export interface ReceptionParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly history: Pick<History, 'store'>;
  readonly attention: Pick<Attention, 'regard' | 'took'>;
  readonly conversations: Pick<Conversations, 'openPrivate' | 'labelOf'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly hybridClock: HybridClock;
  readonly tell: Tell;
}

/** Gives what shows the message once it is on the disk; null if it has been there before. Rejects as the history does. */
export type Receive = (
  message: Message,
  proof: Proof | null,
  carrier: CarrierKind,
) => Promise<(() => void) | null>;

export function createReception(parts: ReceptionParts): Receive {
  const { attention, conversations } = parts;

  function show(message: Message, link: CarrierKind): void {
    const { conversation, account, text, spans, hlc } = message;
    parts.tell('message', {
      conversation: conversations.labelOf(conversation),
      from: parts.people.nameOf(account),
      id: messageId(message),
      text,
      spans,
      link,
      at: millisecondsOf(hlc),
    });
  }

  return async (message, proof, carrier) => {
    parts.hybridClock.observe(message.hlc);
    const partner = partiesOf(message.conversation)?.find((party) => party !== parts.me());
    if (partner !== undefined) await conversations.openPrivate(partner);
    const regard = attention.regard(message);
    if ((await parts.history.store(message, regard.mark, proof)) === 'known') return null;
    return () => {
      if (parts.isBlocked(message.account)) return;
      show(message, carrier);
      attention.took(message, regard);
    };
  };
}
