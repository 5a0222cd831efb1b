// The user's carrier choice for each conversation, and the resulting choice for each account: one link carries everything sent to
// a device. Opens no link.
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
  /** The choice for a conversation; `auto` if the user made no choice. */
  of(conversation: ConversationId): CarrierChoice;
  /**
   * The choice for the links to an account: that of the private conversation with it, else the latest among the rooms shared with it.
   * `auto` allows every carrier, so it gives way to a choice of one carrier.
   */
  towards(account: AccountId): CarrierChoice;
  /**
   * The choices for conversations with the account that its links do not follow, because a choice of higher precedence names
   * another carrier.
   */
  overridden(account: AccountId): readonly LinkChoice[];
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

  /** The choices of one carrier that concern the account, in order of precedence. */
  function concerning(account: AccountId): readonly LinkChoice[] {
    const own = me();
    if (own === null || own === account) return [];
    const inRooms = rooms
      .joinedBy(own)
      .filter((room) => presentStay(room, account) !== undefined)
      .flatMap(({ conversation }) => choices.get(conversation) ?? [])
      .toSorted((one, other) => other.at - one.at);
    const inPrivate = choices.get(privateConversation(own, account));
    const all = inPrivate === undefined ? inRooms : [inPrivate, ...inRooms];
    return all.filter(({ choice }) => choice !== 'auto');
  }

  return {
    of: (conversation) => choices.get(conversation)?.choice ?? 'auto',
    towards: (account) => concerning(account)[0]?.choice ?? 'auto',
    overridden(account) {
      const [first, ...others] = concerning(account);
      return others.filter(({ choice }) => choice !== first?.choice);
    },
    async choose(conversation, choice) {
      const chosen = { conversation, choice, at: clock.now() };
      choices.set(conversation, chosen);
      await history.saveKnownState({ choices: [chosen] });
    },
  };
}

/** The number of people that a sentence names. */
const NAMES_MAX = 3;

/** The first few people with their carriers, as a part of a sentence. */
export function someOf(all: readonly string[]): string {
  const more = all.length - NAMES_MAX;
  return `${all.slice(0, NAMES_MAX).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
