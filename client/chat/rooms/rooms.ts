// The rooms this terminal has heard of, in memory; what changes is handed out to be written down. Knows no tracker.
import type { AccountId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { foldName } from '../../../core/protocol/names.js';
import type { FactsChange, Room } from '../../history/port.js';
import { changedAccounts, membersOf, presentStay } from './room.js';

/** A room in its new state. */
export interface RoomUpdate {
  /** What the history is to keep of it. */
  readonly change: NonNullable<FactsChange['rooms']>[number];
  /** Who is a member and was none before. */
  readonly come: readonly AccountId[];
  /** Who was a member and is none any more. */
  readonly gone: readonly AccountId[];
}

export interface Rooms {
  get(conversation: ConversationId): Room | undefined;
  /** The rooms `account` is in. */
  joinedBy(account: AccountId): readonly Room[];
  /** A room `account` is in, by its name without regard to case. */
  find(name: string, account: AccountId): Room | undefined;
  /** Takes over the next state of a room; null if nothing differs. */
  update(next: Room): RoomUpdate | null;
}

export function createRooms(known: readonly Room[]): Rooms {
  const rooms = new Map(known.map((room) => [room.conversation, room]));
  const joinedBy = (account: AccountId): readonly Room[] =>
    [...rooms.values()].filter((room) => presentStay(room, account) !== undefined);
  return {
    get: (conversation) => rooms.get(conversation),
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
        come: present.filter((account) => !past.includes(account)),
        gone: past.filter((account) => !present.includes(account)),
      };
    },
  };
}
