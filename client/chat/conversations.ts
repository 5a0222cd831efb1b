// The conversations of this terminal: how they are written, which are open, and which is the current one.
import type { AccountId } from '../../core/ids.js';
import { type ConversationId, partiesOf, privateConversation } from '../../core/protocol/message/message.js';
import { foldName } from '../../core/protocol/names.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { History } from '../history/port.js';
import type { ConversationLabel } from './events.js';
import type { People } from './people/people.js';
import { presentStay } from './rooms/room.js';
import type { Rooms } from './rooms/rooms.js';

export interface ConversationsParts {
  readonly history: History;
  readonly privates: readonly ConversationId[];
  readonly rooms: Rooms;
  readonly people: People;
  /** Who is logged in here; null without anybody. */
  readonly me: () => AccountId | null;
}

export interface Conversations {
  labelOf(conversation: ConversationId): ConversationLabel;
  /** The open conversation written so, without regard to case. */
  find(label: ConversationLabel): ConversationId | undefined;
  list(): readonly ConversationId[];
  /** Where a plain line goes; null as soon as that conversation is not open any more. */
  current(): ConversationId | null;
  setCurrent(conversation: ConversationId | null): void;
  /** The private conversation with an account, open from now on. */
  openPrivate(partner: AccountId): Promise<ConversationId>;
  /** The accounts of the open private conversations. */
  partners(): readonly AccountId[];
}

export function createConversations(parts: ConversationsParts): Conversations {
  const { rooms, people } = parts;
  const privates = new Set(parts.privates);
  /** What becomes open as soon as that is on the disk. */
  const opening = new Map<ConversationId, Promise<void>>();
  let current: ConversationId | null = null;

  const partnerIn = (conversation: ConversationId): AccountId | undefined => {
    const parties = partiesOf(conversation);
    const me = parts.me();
    return me !== null && parties?.includes(me) ? parties.find((party) => party !== me) : undefined;
  };

  const openPrivates = (): readonly ConversationId[] =>
    [...privates].filter((conversation) => partnerIn(conversation) !== undefined);

  const labelOf = (conversation: ConversationId): ConversationLabel => {
    const partner = partnerIn(conversation) ?? partiesOf(conversation)?.[0];
    if (partner !== undefined) return `@${people.uniqueNameOf(partner)}`;
    return `#${sanitiseLine(rooms.get(conversation)?.name ?? conversation)}`;
  };

  const isOpen = (conversation: ConversationId): boolean => {
    const me = parts.me();
    if (me === null) return false;
    if (partiesOf(conversation) !== null) return openPrivates().includes(conversation);
    const room = rooms.get(conversation);
    return room !== undefined && presentStay(room, me) !== undefined;
  };

  async function open(conversation: ConversationId): Promise<void> {
    privates.add(conversation);
    try {
      await parts.history.keep({ privates: [conversation] });
    } finally {
      opening.delete(conversation);
    }
  }

  return {
    labelOf,
    find(label) {
      const me = parts.me();
      const name = label.slice(1);
      if (me === null) return undefined;
      if (label.startsWith('#')) return rooms.find(name, me)?.conversation;
      return openPrivates().find((conversation) => foldName(labelOf(conversation)) === foldName(label));
    },
    list() {
      const me = parts.me();
      const joined = me === null ? [] : rooms.joinedBy(me).map(({ conversation }) => conversation);
      return [...joined, ...openPrivates()];
    },
    current: () => (current !== null && isOpen(current) ? current : null),
    setCurrent(conversation) {
      current = conversation;
    },
    async openPrivate(partner) {
      const me = parts.me();
      const conversation = privateConversation(me ?? partner, partner);
      if (me !== null && !privates.has(conversation)) opening.set(conversation, open(conversation));
      // Whoever comes meanwhile waits with the first, and goes on after it.
      await opening.get(conversation);
      return conversation;
    },
    partners: () => openPrivates().flatMap((conversation) => partnerIn(conversation) ?? []),
  };
}
