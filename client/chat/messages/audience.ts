// The audience of a message: the version of the room as this terminal knows it, and the accounts that get the message.
import type { AccountId } from '../../../core/ids.js';
import { type ConversationId, partiesOf } from '../../../core/protocol/message/message.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface Audience {
  /** The version of the room; 0 in a private conversation. */
  readonly roster: number;
  readonly recipients: readonly AccountId[];
}

export interface AudienceParts {
  readonly rooms: Pick<Rooms, 'get'>;
  readonly isBlocked: (account: AccountId) => boolean;
}

/** Returns the audience of a message that `me` writes now. */
export const createAudience =
  ({ rooms, isBlocked }: AudienceParts) =>
  (conversation: ConversationId, me: AccountId): Audience => {
    const parties = partiesOf(conversation);
    const room = rooms.get(conversation);
    const everybody = parties ?? (room === undefined ? [] : membersOf(room));
    return {
      roster: parties === null ? (room?.version ?? 0) : 0,
      recipients: everybody.filter((account) => account !== me && !isBlocked(account)),
    };
  };
