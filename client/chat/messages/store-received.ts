// Takes a message that has been judged good: stores it once, with what it is worth to who reads here, and shows it.
import type { AccountId } from '../../../core/ids.js';
import { type HybridClock, millisecondsOf } from '../../../core/protocol/message/hlc.js';
import { type Message, messageId, partiesOf } from '../../../core/protocol/message/message.js';
import type { Proof } from '../../../core/protocol/message/proof.js';
import type { History, Stored } from '../../history/port.js';
import type { Attention } from '../notifications/focus.js';
import type { Conversations } from '../conversations.js';
import type { CarrierKind, ChatMessage } from '../events.js';
import type { People } from '../people/people.js';
import type { Tell } from '../peers/peers.js';

export interface StoreReceivedParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly history: Pick<History, 'store'>;
  readonly attention: Pick<Attention, 'regard' | 'took'>;
  readonly conversations: Pick<Conversations, 'openPrivate' | 'labelOf'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly hybridClock: HybridClock;
  readonly tell: Tell;
  /** Its device has said something else under the same number before, and that is kept. */
  readonly onEquivocation: (message: Message) => void;
}

/** What became of a message, by its id; `show` shows it, now that it is on the disk. */
export type Received = { readonly id: string } & (
  | { readonly outcome: 'stored'; readonly show: () => void }
  | { readonly outcome: Exclude<Stored, 'stored'> }
);

/** Rejects as the history does. */
export type Receive = (message: Message, proof: Proof | null, carrier: CarrierKind) => Promise<Received>;

export function createStoreReceived(parts: StoreReceivedParts): Receive {
  const { attention, conversations } = parts;

  function shownAs(id: string, message: Message, link: CarrierKind): ChatMessage {
    const { conversation, account, text, spans, hlc } = message;
    return {
      conversation: conversations.labelOf(conversation),
      from: parts.people.nameOf(account),
      id,
      text,
      spans,
      link,
      at: millisecondsOf(hlc),
    };
  }

  return async (message, proof, carrier) => {
    parts.hybridClock.observe(message.hlc);
    const partner = partiesOf(message.conversation)?.find((party) => party !== parts.me());
    if (partner !== undefined) await conversations.openPrivate(partner);
    const regard = attention.regard(message);
    const outcome = await parts.history.store(message, regard.mark, proof);
    if (outcome === 'contradicted') parts.onEquivocation(message);
    const id = messageId(message);
    if (outcome !== 'stored') return { id, outcome };
    return {
      id,
      outcome,
      show() {
        if (parts.isBlocked(message.account)) return;
        const shown = shownAs(id, message, carrier);
        parts.tell('message', shown);
        attention.took(message, shown, regard);
      },
    };
  };
}
