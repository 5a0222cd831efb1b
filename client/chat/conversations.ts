// The conversations of this terminal: their labels, which are open, and which is the current one.
import { createEmitter, type Subscribable } from '../../core/emitter.js';
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
  /** The account logged in at this terminal; null before a login. */
  readonly me: () => AccountId | null;
}

export interface ConversationsEvents {
  /** Another conversation, or the same again, was made the current one. */
  current: ConversationId;
}

export interface Conversations {
  readonly events: Subscribable<ConversationsEvents>;
  labelOf(conversation: ConversationId): ConversationLabel;
  /** Finds an open conversation by its label, ignoring case. */
  find(label: ConversationLabel): ConversationId | undefined;
  list(): readonly ConversationId[];
  /** The conversation that plain lines go to; null when it is no longer open. */
  current(): ConversationId | null;
  /** The label of the current conversation; null when that is no longer open. */
  currentLabel(): ConversationLabel | null;
  /** Resolves when all listeners have acted: the messages of the conversation are then recorded as read on the disk. */
  setCurrent(conversation: ConversationId): Promise<void>;
  /** Opens the private conversation with an account. Resolves when the open conversation is recorded on the disk. */
  openPrivate(partner: AccountId): Promise<ConversationId>;
  /** The accounts of the open private conversations. */
  partners(): readonly AccountId[];
}

export function createConversations(parts: ConversationsParts): Conversations {
  const { rooms, people } = parts;
  const events = createEmitter<ConversationsEvents>();
  const privates = new Set(parts.privates);
  /** Private conversations whose opening is not yet on the disk. */
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
      await parts.history.saveKnownState({ privates: [conversation] });
    } catch (error) {
      // The next attempt must write the conversation again. Without that, a restart would hide the messages stored in it.
      privates.delete(conversation);
      throw error;
    } finally {
      opening.delete(conversation);
    }
  }

  const openCurrent = (): ConversationId | null => (current !== null && isOpen(current) ? current : null);

  return {
    events,
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
    current: openCurrent,
    currentLabel() {
      const open = openCurrent();
      return open === null ? null : labelOf(open);
    },
    async setCurrent(conversation) {
      current = conversation;
      await events.emit('current', conversation);
    },
    async openPrivate(partner) {
      const me = parts.me();
      const conversation = privateConversation(me ?? partner, partner);
      if (me !== null && !privates.has(conversation)) opening.set(conversation, open(conversation));
      // A second caller waits for the first one's write.
      await opening.get(conversation);
      return conversation;
    },
    partners: () => openPrivates().flatMap((conversation) => partnerIn(conversation) ?? []),
  };
}
