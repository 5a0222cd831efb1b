// Access to the past of a conversation: present members of a room see it from their join on; the two people of a private
// conversation, and the account's own terminals, see all of it.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { Conversations } from '../conversations.js';
import { presentStay } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface Access {
  /** The first version of the room whose messages `account` may have; null if it may have none. */
  since(conversation: ConversationId, account: AccountId): number | null;
  /** The conversations shared with `account`. */
  conversationsWith(account: AccountId): readonly ConversationId[];
}

export interface AccessParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly rooms: Pick<Rooms, 'get'>;
  readonly conversations: Pick<Conversations, 'list'>;
}

export function createAccess({ me, isBlocked, rooms, conversations }: AccessParts): Access {
  function since(conversation: ConversationId, account: AccountId): number | null {
    const self = me();
    if (self === null || isBlocked(account)) return null;
    const parties = partiesOf(conversation);
    if (parties !== null) return parties.includes(self) && parties.includes(account) ? 0 : null;
    const room = rooms.get(conversation);
    if (room === undefined || presentStay(room, self) === undefined) return null;
    return presentStay(room, account)?.joinedVersion ?? null;
  }

  return {
    since,
    conversationsWith: (account) => conversations.list().filter((one) => since(one, account) !== null),
  };
}
