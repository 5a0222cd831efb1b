// What a user can do about what carries a conversation: choose it, and be told whether it works now.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { CarrierChoice, CarrierChoices } from './carrier-choice.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel, Outcome } from '../events.js';
import { outcome } from '../outcome.js';
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

export interface LinkActions {
  /** What is to carry the conversation (the current one when null) from now on, and what that comes to. */
  choose(label: ConversationLabel | null, choice: CarrierChoice): Promise<Outcome>;
  /** The same for one that is known, as sentences. */
  chooseFor(conversation: ConversationId, choice: CarrierChoice): Promise<string>;
}

/** As long as an answer waits for what the choice comes to. */
const PATIENCE_MS = 2_000;
const MOST_NAMED = 3;

export function createLinkActions(parts: LinkActionsParts): LinkActions {
  const { conversations, rooms, people, peers, carrierChoices } = parts;

  function partners(conversation: ConversationId): readonly AccountId[] {
    const room = rooms.get(conversation);
    const all = partiesOf(conversation) ?? (room === undefined ? [] : membersOf(room));
    return all.filter((account) => account !== parts.me());
  }

  /** Whom the link that is wanted does not reach now, though introduced, and why. */
  function unreached(accounts: readonly AccountId[]): readonly string[] {
    return accounts.flatMap((account) => {
      const links = peers.list().filter((peer) => peer.account === account);
      const [first] = links;
      if (first === undefined || links.some(({ state }) => state === 'open')) return [];
      return [`${people.nameOf(account)}: ${first.reason}`];
    });
  }

  /** Those whose links another conversation decides about. */
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
    await peers.settled(new Set(accounts), PATIENCE_MS);
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
    async choose(label, choice) {
      const conversation = label === null ? conversations.current() : conversations.find(label);
      if (conversation === null) {
        const message = 'No conversation is open. Name one: /link auto|tcp|udp|relay CONVERSATION.';
        return outcome(5, 'INVALID_COMMAND', { message });
      }
      if (conversation === undefined) {
        const message = `There is no conversation ${label} here. Join a room with /join ROOM, or write to a person with /msg USER.`;
        return outcome(5, 'INVALID_COMMAND', { message });
      }
      const message = await chooseFor(conversation, choice);
      const missing = unreached(partners(conversation)).length;
      const data = { conversation: conversations.labelOf(conversation), choice, unreached: missing };
      return outcome(5, 'DONE', { message, data });
    },
  };
}

function someOf(all: readonly string[]): string {
  const more = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
