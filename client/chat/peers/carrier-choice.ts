// What the user wants to carry each conversation, and so the link to each account: one link carries all that is said to
// a device. It makes no link.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, privateConversation } from '../../../core/protocol/message/message.js';
import type { History, LinkChoice } from '../../history/port.js';
import { presentStay } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export type CarrierChoice = LinkChoice['choice'];

export interface CarrierChoicesParts {
  readonly history: Pick<History, 'keep'>;
  readonly rooms: Rooms;
  readonly clock: Clock;
  /** As the user left them when this terminal was last open. */
  readonly kept: readonly LinkChoice[];
  readonly me: () => AccountId | null;
}

export interface CarrierChoices {
  /** `auto` unless something was chosen. */
  of(conversation: ConversationId): CarrierChoice;
  /**
   * What is to carry the links to an account: what was chosen for the private conversation with it; failing that, what was
   * chosen last for any room shared with it.
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
      await history.keep({ choices: [chosen] });
    },
  };
}
