// Access to the past messages of a conversation. A present member of a room may have the messages since the member joined, except
// those written before a restore of the tracker at a time when the member was not in the room. The two people of a private conversation may have all of them, on all their terminals.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import type { Reader } from '../../history/messages/reader.js';
import type { Conversations } from '../conversations.js';
import { presentStay } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface Access {
  /** The messages that `account` may have; null if it may have none. */
  readerOf(conversation: ConversationId, account: AccountId): Reader | null;
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
  function readerOf(conversation: ConversationId, account: AccountId): Reader | null {
    const self = me();
    if (self === null || isBlocked(account)) return null;
    const reader = account === self ? null : account;
    const parties = partiesOf(conversation);
    if (parties !== null) {
      return parties.includes(self) && parties.includes(account) ? { fromRoster: 0, account: reader } : null;
    }
    const room = rooms.get(conversation);
    if (room === undefined || presentStay(room, self) === undefined) return null;
    const stay = presentStay(room, account);
    return stay === undefined ? null : { fromRoster: stay.joinedVersion, account: reader };
  }

  return {
    readerOf,
    conversationsWith: (account) => conversations.list().filter((one) => readerOf(one, account) !== null),
  };
}
