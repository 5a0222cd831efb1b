// Storing of accepted messages: each is stored once with its notification rating, then shown.
import type { AccountId } from '../../../core/ids.js';
import type { HybridClock } from '../../../core/protocol/message/hlc.js';
import { hopsOf } from '../../../core/protocol/message/hops.js';
import { type Message, messageId, partiesOf } from '../../../core/protocol/message/message.js';
import type { Proof } from '../../../core/protocol/message/proof.js';
import type { History, StoreResult } from '../../history/port.js';
import type { Notifications } from '../notifications/notifications.js';
import type { Conversations } from '../conversations.js';
import { type CarrierKind, type ChatMessage, shownHops, type Tell } from '../events.js';
import type { People } from '../people/people.js';
import type { Future } from './dating/future.js';

export interface StoreReceivedParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly history: Pick<History, 'store' | 'placeFutureMessages'>;
  readonly notifications: Pick<Notifications, 'rate' | 'messageShown'>;
  readonly conversations: Pick<Conversations, 'openPrivate' | 'labelOf'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly hybridClock: HybridClock;
  readonly future: Pick<Future, 'seems' | 'latestMs' | 'shownAt'>;
  readonly tell: Tell;
  /** Warns of a message whose device sent a different message with the same number before. The earlier one stays stored. */
  readonly warnOfEquivocation: (message: Message) => void;
}

/** The outcome for the message with this id. `show` shows it to the user; call it once. */
export type ReceivedMessage = { readonly id: string } & (
  | { readonly outcome: 'stored'; readonly show: () => void }
  | { readonly outcome: Exclude<StoreResult, 'stored'> }
);

/** Resolves when the message is on the disk. Rejects if the history cannot store it. */
export type StoreReceived = (
  message: Message,
  proof: Proof | null,
  carrier: CarrierKind,
) => Promise<ReceivedMessage>;

export function createStoreReceived(parts: StoreReceivedParts): StoreReceived {
  const { notifications, conversations } = parts;

  function shownAs(id: string, message: Message, proof: Proof | null, link: CarrierKind): ChatMessage {
    const { conversation, account, text, spans, hlc } = message;
    return {
      conversation: conversations.labelOf(conversation),
      from: parts.people.nameOf(account),
      id,
      text,
      spans,
      link,
      at: parts.future.shownAt(hlc),
      ...shownHops(hopsOf(proof)),
    };
  }

  return async (message, proof, carrier) => {
    parts.hybridClock.observe(message.hlc);
    const partner = partiesOf(message.conversation)?.find((party) => party !== parts.me());
    if (partner !== undefined) await conversations.openPrivate(partner);
    const rating = notifications.rate(message);
    const outcome = await parts.history.store(message, rating.mark, proof);
    if (outcome === 'contradicted') parts.warnOfEquivocation(message);
    const id = messageId(message);
    if (outcome !== 'stored') return { id, outcome };
    if (parts.future.seems(message.hlc)) await parts.history.placeFutureMessages(parts.future.latestMs);
    return {
      id,
      outcome,
      show() {
        if (parts.isBlocked(message.account)) return;
        const shown = shownAs(id, message, proof, carrier);
        parts.tell('message', shown);
        notifications.messageShown(message, shown, rating);
      },
    };
  };
}
