// The control of carriers: chooses the carrier of a conversation and reports whether it works now.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import { type CarrierChoice, type CarrierChoices, someOf } from './carrier-choice.js';
import type { Conversations } from '../conversations.js';
import type { Peers } from './peers.js';
import type { People } from '../people/people.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface CarrierControlParts {
  readonly conversations: Conversations;
  readonly rooms: Rooms;
  readonly people: People;
  readonly peers: Peers;
  readonly carrierChoices: CarrierChoices;
  readonly me: () => AccountId | null;
}

export interface CarrierControl {
  /** Chooses the carrier of a conversation. Resolves when everyone introduced has an open link, or after 2 s. */
  choose(conversation: ConversationId, choice: CarrierChoice): Promise<CarrierReport>;
}

export interface CarrierReport {
  /** Sentences about the choice, choices that take precedence over it, and people it does not reach. */
  readonly message: string;
  /** Number of people that the choice does not reach now. */
  readonly unreached: number;
}

/** How long the answer waits for links to open. A person who has just come announces their addresses within this time. */
const SETTLE_TIMEOUT_MS = 2_000;

export function createCarrierControl(parts: CarrierControlParts): CarrierControl {
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

  /** The people whose links follow this choice although another conversation with them has a different choice. */
  function overriding(conversation: ConversationId, accounts: readonly AccountId[]): readonly string[] {
    return accounts.flatMap((account) =>
      carrierChoices
        .overridden(account)
        .filter((other) => other.conversation !== conversation)
        .map(
          (other) =>
            `${other.choice} for ${conversations.labelOf(other.conversation)} with ${people.nameOf(account)}`,
        ),
    );
  }

  /** The people whose link follows the choice of another conversation. */
  function decidedElsewhere(accounts: readonly AccountId[], choice: CarrierChoice): readonly string[] {
    return accounts
      .filter((account) => carrierChoices.towards(account) !== choice)
      .map((account) => `${people.nameOf(account)} over ${carrierChoices.towards(account)}`);
  }

  return {
    async choose(conversation, choice) {
      const label = conversations.labelOf(conversation);
      const accounts = partners(conversation);
      await carrierChoices.choose(conversation, choice);
      peers.rechoose();
      if (choice === 'auto') peers.retry(new Set(accounts));
      await peers.settled(new Set(accounts), SETTLE_TIMEOUT_MS);
      const chosen =
        choice === 'auto'
          ? `${label} uses the best carrier that works. Better carriers are tried now.`
          : `Only ${choice} carries ${label}. Messages wait while it does not work.`;
      const others = decidedElsewhere(accounts, choice);
      const elsewhere =
        others.length === 0
          ? ''
          : `The choice for another conversation takes precedence for ${someOf(others)}, because one link carries both conversations.`;
      const overridden = overriding(conversation, accounts);
      const givingWay =
        overridden.length === 0 || others.length > 0
          ? ''
          : `This choice takes precedence over ${someOf(overridden)}, because one link carries both conversations.`;
      const missing = unreached(accounts);
      const impossible = missing.length === 0 ? '' : `No link yet: ${someOf(missing)}`;
      return {
        message: [chosen, elsewhere, givingWay, impossible].filter(Boolean).join(' '),
        unreached: missing.length,
      };
    },
  };
}
