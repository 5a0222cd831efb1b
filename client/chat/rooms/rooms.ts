// The rooms that this terminal knows, in memory. Each change is returned for the caller to store.
import type { AccountId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { foldName } from '../../../core/protocol/names.js';
import type { KnownStateChange, Room } from '../../history/port.js';
import { changedAccounts, membersOf, presentStay } from './room.js';

/** A change of a room. */
export interface RoomUpdate {
  /** The changes that the history has to store. */
  readonly change: NonNullable<KnownStateChange['rooms']>[number];
  /** The accounts that became members. */
  readonly joined: readonly AccountId[];
  /** The accounts that are not members any more. */
  readonly left: readonly AccountId[];
}

export interface Rooms {
  get(conversation: ConversationId): Room | undefined;
  /** All rooms, also those without a member who has an account at this terminal. */
  all(): readonly ConversationId[];
  /** The rooms that `account` is in. */
  joinedBy(account: AccountId): readonly Room[];
  /** A room that `account` is in, by its name, ignoring case. */
  find(name: string, account: AccountId): Room | undefined;
  /** Replaces the state of a room; null if nothing differs. */
  update(next: Room): RoomUpdate | null;
}

export function createRooms(known: readonly Room[]): Rooms {
  const rooms = new Map(known.map((room) => [room.conversation, room]));
  const joinedBy = (account: AccountId): readonly Room[] =>
    [...rooms.values()].filter((room) => presentStay(room, account) !== undefined);
  return {
    get: (conversation) => rooms.get(conversation),
    all: () => [...rooms.keys()],
    joinedBy,
    find: (name, account) => joinedBy(account).find((room) => foldName(room.name) === foldName(name)),
    update(next) {
      const before = rooms.get(next.conversation);
      if (before === next) return null;
      rooms.set(next.conversation, next);
      const past = before === undefined ? [] : membersOf(before);
      const present = membersOf(next);
      return {
        change: { room: next, accounts: changedAccounts(before, next) },
        joined: present.filter((account) => !past.includes(account)),
        left: past.filter((account) => !present.includes(account)),
      };
    },
  };
}
