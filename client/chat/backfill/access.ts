// Access to the past messages of a conversation. A present member of a room may have the messages since the member joined. The
// two people of a private conversation may have all of them, on all their terminals.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { Conversations } from '../conversations.js';
import { presentStay } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface Access {
  /**
   * The first room version that `account` may have messages of; 0 for a private conversation, null if it may have no messages.
   */
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
