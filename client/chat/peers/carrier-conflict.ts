// The conflict between carrier choices that arises when somebody joins a room: one link carries everything between two terminals, and
// the user chose different carriers for two conversations with that person.
import type { AccountId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { Conversations } from '../conversations.js';
import type { People } from '../people/people.js';
import { type CarrierChoices, someOf } from './carrier-choice.js';

export interface CarrierConflictParts {
  readonly carrierChoices: Pick<CarrierChoices, 'of' | 'towards' | 'overridden'>;
  readonly conversations: Pick<Conversations, 'labelOf'>;
  readonly people: Pick<People, 'nameOf'>;
}

/** A sentence about the conflicts that `newcomers` bring to `conversation` and about the carriers that the links use; null without a conflict. */
export function carrierConflict(
  { carrierChoices, conversations, people }: CarrierConflictParts,
  conversation: ConversationId,
  newcomers: readonly AccountId[],
): string | null {
  if (carrierChoices.of(conversation) === 'auto') return null;
  const used = newcomers
    .filter((account) => carrierChoices.overridden(account).length > 0)
    .map((account) => `${people.nameOf(account)} over ${carrierChoices.towards(account)}`);
  if (used.length === 0) return null;
  const label = conversations.labelOf(conversation);
  return `You chose different carriers for ${label} and for other conversations with the same people. All conversations with a person use one carrier: ${someOf(used)}. Use /link to change a choice.`;
}
