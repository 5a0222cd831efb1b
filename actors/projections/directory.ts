// Questions about accounts, devices and rooms, answered from the derived tables.
import { type DataSource, In, IsNull } from 'typeorm';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { ConversationId } from '../../core/protocol/message.js';
import { foldName } from '../../core/protocol/names.js';
import type { Person } from '../../core/protocol/statements.js';
import {
  type AccountRow,
  accountTable,
  deviceTable,
  type MembershipRow,
  membershipTable,
  type RoomRow,
  roomTable,
} from './tables.js';

// SQLite takes 32,766 values in one statement.
const VALUES_PER_QUERY = 10_000;

export interface ListedRoom extends RoomRow {
  readonly members: number;
}

/** Every answer reflects all that is committed. */
export interface Directory {
  account(id: AccountId): Promise<AccountRow | null>;
  accountNamed(username: string): Promise<AccountRow | null>;
  /** Those of the accounts that exist, by id. */
  people(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Person>>;
  /** Whose device it is; null if it is not enrolled. */
  ownerOf(device: DeviceId): Promise<AccountId | null>;
  /** Whose those of the devices are that are enrolled. */
  ownersOf(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, AccountId>>;
  room(id: ConversationId): Promise<RoomRow | null>;
  openRoomNamed(name: string): Promise<RoomRow | null>;
  /** The first `limit` open rooms by name, with the number of their members. */
  openRooms(limit: number): Promise<readonly ListedRoom[]>;
  /** Present members, in join order. */
  members(room: ConversationId): Promise<readonly MembershipRow[]>;
  /** Who was there when the room was at `version`, or came or went with it. */
  membersAt(room: ConversationId, version: number): Promise<readonly AccountId[]>;
  /** The present memberships of an account. */
  membershipsOf(account: AccountId): Promise<readonly MembershipRow[]>;
  /** The accounts that share a room with this one now, itself among them. */
  roommatesOf(account: AccountId): Promise<ReadonlySet<AccountId>>;
  /** All stays of an account in a room, ended ones too, in order. */
  stays(room: ConversationId, account: AccountId): Promise<readonly MembershipRow[]>;
}

export function createDirectory(reader: DataSource): Directory {
  const accounts = reader.getRepository(accountTable);
  const devices = reader.getRepository(deviceTable);
  const rooms = reader.getRepository(roomTable);
  const memberships = reader.getRepository(membershipTable);
  return {
    account: (id) => accounts.findOneBy({ id }),
    accountNamed: (username) => accounts.findOneBy({ folded: foldName(username) }),
    async people(ids) {
      const people = new Map<AccountId, Person>();
      for (let start = 0; start < ids.length; start += VALUES_PER_QUERY) {
        const rows = await accounts
          .createQueryBuilder('a')
          .select(['a.id AS id', 'a.username AS username'])
          .where('a.id IN (:...ids)', { ids: ids.slice(start, start + VALUES_PER_QUERY) })
          .getRawMany<Pick<AccountRow, 'id' | 'username'>>();
        for (const { id, username } of rows) people.set(id, { account: id, username });
      }
      return people;
    },
    ownerOf: async (device) => (await devices.findOneBy({ device }))?.account ?? null,
    async ownersOf(asked) {
      const rows = await devices.findBy({ device: In([...asked]) });
      return new Map(rows.map(({ device, account }) => [device, account]));
    },
    room: (id) => rooms.findOneBy({ id }),
    openRoomNamed: (name) => rooms.findOneBy({ folded: foldName(name), isOpen: true }),
    async openRooms(limit) {
      const open = await rooms.find({ where: { isOpen: true }, order: { folded: 'ASC' }, take: limit });
      if (open.length === 0) return [];
      const counts = await memberships
        .createQueryBuilder('m')
        .select('m.room', 'room')
        .addSelect('COUNT(*)', 'members')
        .where('m.leftVersion IS NULL AND m.room IN (:...rooms)', { rooms: open.map(({ id }) => id) })
        .groupBy('m.room')
        .getRawMany<{ readonly room: string; readonly members: number | string }>();
      const members = new Map(counts.map((count) => [count.room, Number(count.members)]));
      return open.map((room) => ({ ...room, members: members.get(room.id) ?? 0 }));
    },
    members: (room) =>
      memberships.find({ where: { room, leftVersion: IsNull() }, order: { joinedVersion: 'ASC' } }),
    async membersAt(room, version) {
      const rows = await memberships
        .createQueryBuilder('m')
        .where('m.room = :room AND m.joinedVersion <= :version', { room, version })
        .andWhere('(m.leftVersion IS NULL OR m.leftVersion >= :version)', { version })
        .getMany();
      return [...new Set(rows.map(({ account }) => account))];
    },
    membershipsOf: (account) => memberships.findBy({ account, leftVersion: IsNull() }),
    async roommatesOf(account) {
      const rooms = (await memberships.findBy({ account, leftVersion: IsNull() })).map(({ room }) => room);
      const rows = await memberships.findBy({ room: In(rooms), leftVersion: IsNull() });
      return new Set(rows.map((row) => row.account));
    },
    stays: (room, account) => memberships.find({ where: { room, account }, order: { joinedVersion: 'ASC' } }),
  };
}
