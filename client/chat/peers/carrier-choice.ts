// The user's carrier choice for each conversation, and the choice for each account that follows from it: one link carries
// everything sent to a device. It opens no link.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, privateConversation } from '../../../core/protocol/message/message.js';
import type { History, LinkChoice } from '../../history/port.js';
import { presentStay } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export type CarrierChoice = LinkChoice['choice'];

export interface CarrierChoicesParts {
  readonly history: Pick<History, 'saveKnownState'>;
  readonly rooms: Rooms;
  readonly clock: Clock;
  /** The choices stored when this terminal was last open. */
  readonly kept: readonly LinkChoice[];
  readonly me: () => AccountId | null;
}

export interface CarrierChoices {
  /** The choice for a conversation; `auto` without one. */
  of(conversation: ConversationId): CarrierChoice;
  /**
   * The choice for the links to an account: that of the private conversation with it, else the latest choice among the rooms
   * shared with it.
   */
  towards(account: AccountId): CarrierChoice;
  choose(conversation: ConversationId, choice: CarrierChoice): Promise<void>;
}

export function createCarrierChoices({
  history,
  rooms,
  clock,
  kept,
  me,
}: CarrierChoicesParts): CarrierChoices {
  const choices = new Map(kept.map((one) => [one.conversation, one]));
  return {
    of: (conversation) => choices.get(conversation)?.choice ?? 'auto',
    towards(account) {
      const own = me();
      if (own === null || own === account) return 'auto';
      const inPrivate = choices.get(privateConversation(own, account));
      if (inPrivate !== undefined) return inPrivate.choice;
      const [latest] = rooms
        .joinedBy(own)
        .filter((room) => presentStay(room, account) !== undefined)
        .flatMap(({ conversation }) => choices.get(conversation) ?? [])
        .toSorted((one, other) => other.at - one.at);
      return latest?.choice ?? 'auto';
    },
    async choose(conversation, choice) {
      const chosen = { conversation, choice, at: clock.now() };
      choices.set(conversation, chosen);
      await history.saveKnownState({ choices: [chosen] });
    },
  };
}
