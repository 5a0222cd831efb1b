// The action that chooses the carrier of a conversation, and reports whether it works now.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { CarrierChoice, CarrierChoices } from './carrier-choice.js';
import type { Conversations } from '../conversations.js';
import { refusal, success } from '../outcome.js';
import type { ChatActions } from '../port.js';
import type { Peers } from './peers.js';
import type { People } from '../people/people.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface LinkActionsParts {
  readonly conversations: Conversations;
  readonly rooms: Rooms;
  readonly people: People;
  readonly peers: Peers;
  readonly carrierChoices: CarrierChoices;
  readonly me: () => AccountId | null;
}

export interface LinkActions extends Pick<ChatActions, 'link'> {
  /** Chooses the carrier of a conversation that is known here; resolves with sentences that report the effect. */
  chooseFor(conversation: ConversationId, choice: CarrierChoice): Promise<string>;
}

/** How long the answer waits for links to open. */
const SETTLE_TIMEOUT_MS = 2_000;
/** How many people a sentence names. */
const NAMES_MAX = 3;

export function createLinkActions(parts: LinkActionsParts): LinkActions {
  const { conversations, rooms, people, peers, carrierChoices } = parts;

  function partners(conversation: ConversationId): readonly AccountId[] {
    const room = rooms.get(conversation);
    const all = partiesOf(conversation) ?? (room === undefined ? [] : membersOf(room));
    return all.filter((account) => account !== parts.me());
  }

  /** The people who are introduced but have no open link, each with the reason. */
  function unreached(accounts: readonly AccountId[]): readonly string[] {
    return accounts.flatMap((account) => {
      const links = peers.list().filter((peer) => peer.account === account);
      const [first] = links;
      if (first === undefined || links.some(({ state }) => state === 'open')) return [];
      return [`${people.nameOf(account)}: ${first.reason}`];
    });
  }

  /** The people whose link follows the choice of another conversation. */
  function decidedElsewhere(accounts: readonly AccountId[], choice: CarrierChoice): readonly string[] {
    return accounts
      .filter((account) => carrierChoices.towards(account) !== choice)
      .map((account) => `${people.nameOf(account)} over ${carrierChoices.towards(account)}`);
  }

  async function chooseFor(conversation: ConversationId, choice: CarrierChoice): Promise<string> {
    const label = conversations.labelOf(conversation);
    const accounts = partners(conversation);
    await carrierChoices.choose(conversation, choice);
    peers.rechoose();
    await peers.settled(new Set(accounts), SETTLE_TIMEOUT_MS);
    const what =
      choice === 'auto'
        ? `The best that works carries ${label}.`
        : `Only ${choice} carries ${label}: what is said waits while that is impossible.`;
    const other = decidedElsewhere(accounts, choice);
    const elsewhere =
      other.length === 0
        ? ''
        : `What was chosen in another conversation goes before for ${someOf(other)}: one link carries both.`;
    const missing = unreached(accounts);
    const impossible = missing.length === 0 ? '' : `Not possible now: ${someOf(missing)}`;
    return [what, elsewhere, impossible].filter(Boolean).join(' ');
  }

  return {
    chooseFor,
    async link(label, choice) {
      const conversation = label === null ? conversations.current() : conversations.find(label);
      if (conversation === null) {
        const message = 'No conversation is open. Name one: /link auto|tcp|udp|relay CONVERSATION.';
        return refusal(5, 'INVALID_COMMAND', message);
      }
      if (conversation === undefined) {
        const message = `There is no conversation ${label} here. Join a room with /join ROOM, or write to a person with /msg USER.`;
        return refusal(5, 'INVALID_COMMAND', message);
      }
      const message = await chooseFor(conversation, choice);
      const missing = unreached(partners(conversation)).length;
      const data = { conversation: conversations.labelOf(conversation), choice, unreached: missing };
      return success(5, 'DONE', data, message);
    },
  };
}

function someOf(all: readonly string[]): string {
  const more = all.length - NAMES_MAX;
  return `${all.slice(0, NAMES_MAX).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
