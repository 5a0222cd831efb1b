// The queries about accounts, devices and rooms, answered from the derived tables.
import type { z } from 'zod';
import { inList, type ReadSql, type SqlValue } from '../../core/events/sql/sql.js';
import { columnsOf, selectFrom } from '../../core/events/sql/table.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { ConversationId } from '../../core/protocol/message/message.js';
import { foldName } from '../../core/protocol/names.js';
import type { Person, Roster } from '../../core/protocol/signed/statements.js';
import { USERNAMES } from '../account/aggregate.js';
import { type RoomVersion, membersAt } from './membership-at-version.js';
import {
  accountIdRow,
  countRow,
  DEVICE,
  deviceRow,
  disabledRow,
  heldNameRow,
  LEADER,
  leaderRow,
  listedRoomRow,
  namedRoomRow,
  ownDeviceRow,
  PERSON,
  personRow,
  ROSTER,
  rosterRow,
} from './rows.js';
import {
  type AccountRow,
  accounts,
  type DeviceRow,
  type InvitationRow,
  invitations,
  type MembershipRow,
  memberships,
  type RoomRow,
  rooms,
} from './tables.js';

// SQLite allows 32,766 values in one statement.
const VALUES_PER_QUERY = 8_192;

/** A person, and the time at which they got their current name. */
export type NamedPerson = Person & { readonly namedAt: number };

export interface OwnDevice extends Pick<DeviceRow, 'device' | 'name' | 'enrolledAt'> {
  /** Null if it was never seen. */
  readonly seenAt: number | null;
}

export interface ListedRoom extends RoomRow {
  readonly members: number;
}

/** An admin of an open room. */
export interface Leader extends Pick<RoomRow, 'isAttended' | 'deadline'> {
  readonly room: ConversationId;
  readonly account: AccountId;
}

/** Every answer reflects all committed events. */
export interface Directory {
  account(id: AccountId): Promise<AccountRow | null>;
  accountNamed(username: string): Promise<AccountRow | null>;
  /** Returns the disabled accounts among `ids`, each with the position of its `AccountDisabled` event. */
  disabledOf(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>>;
  /** Returns the accounts that exist, as a map by id. */
  people(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, NamedPerson>>;
  /** The folded former names that are still reserved for each account at `time`; accounts without any are absent. */
  namesHeld(ids: readonly AccountId[], time: number): Promise<ReadonlyMap<AccountId, readonly string[]>>;
  /** The account of a device; null if the device is not enrolled. */
  ownerOf(device: DeviceId): Promise<AccountId | null>;
  /** Returns the account of each device that is enrolled. */
  ownersOf(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, AccountId>>;
  /** The devices of an account in order of enrolment. */
  devicesOf(account: AccountId): Promise<readonly OwnDevice[]>;
  /** At most `limit` devices of each account, the latest enrolment first; accounts without any are absent. */
  enrolledOf(
    accounts: readonly AccountId[],
    limit: number,
  ): Promise<ReadonlyMap<AccountId, readonly DeviceId[]>>;
  /** The name of a device; null if it is not enrolled. */
  nameOf(device: DeviceId): Promise<string | null>;
  room(id: ConversationId): Promise<RoomRow | null>;
  /** Returns the names of the rooms that exist, as a map by id. */
  roomNames(ids: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, string>>;
  /** A room with its current members in join order, read in one query; null if the room does not exist. */
  roster(id: ConversationId): Promise<Omit<Roster, 'v'> | null>;
  openRoomNamed(name: string): Promise<RoomRow | null>;
  /** The open rooms that `account` may see, each with its number of members: the first `limit` in the order of names. */
  roomsFor(account: AccountId, limit: number): Promise<readonly ListedRoom[]>;
  isBanned(room: ConversationId, account: AccountId): Promise<boolean>;
  /** The first `limit` open invitations of an account. */
  invitationsOf(account: AccountId, limit: number): Promise<readonly InvitationRow[]>;
  /** The admins of all open rooms, with the attendance of each room. */
  leaders(): Promise<readonly Leader[]>;
  /** Current members, in join order. */
  members(room: ConversationId): Promise<readonly MembershipRow[]>;
  /** For each room version, the members at that version, including a member who joined or left with that version. */
  membersAt(roomVersions: readonly RoomVersion[]): Promise<readonly ReadonlySet<AccountId>[]>;
  /** The number of rooms an account is in. */
  roomCountOf(account: AccountId): Promise<number>;
  /** The current memberships of an account. */
  membershipsOf(account: AccountId): Promise<readonly MembershipRow[]>;
  /** The accounts that currently share a room with this one, including itself if it is in a room. */
  roommatesOf(account: AccountId): Promise<ReadonlySet<AccountId>>;
  /** All memberships of an account in a room, current and ended, in order. */
  stays(room: ConversationId, account: AccountId): Promise<readonly MembershipRow[]>;
}

type Values = readonly SqlValue[];

const ACCOUNT = selectFrom(accounts);
const ROOM = selectFrom(rooms);
const MEMBERSHIP = selectFrom(memberships);
const OPEN_ROOM_NAMED = `${ROOM} WHERE folded = ? AND is_open = TRUE`;

export function createDirectory(reads: ReadSql): Directory {
  async function ask<T>(schema: z.ZodType<T>, statement: string, values: Values): Promise<readonly T[]> {
    return (await reads.all(statement, values)).map((row) => schema.parse(row));
  }

  /** Queries for a single row; null if no row matches. */
  async function askOne<T>(schema: z.ZodType<T>, statement: string, values: Values): Promise<T | null> {
    const row = await reads.first(statement, values);
    return row === undefined ? null : schema.parse(row);
  }

  /** Queries for many ids in batches. `statement` builds the query from the placeholders; `further` values follow the ids. */
  async function askAll<T>(
    schema: z.ZodType<T>,
    ids: readonly string[],
    statement: (marks: string) => string,
    further: Values = [],
  ): Promise<readonly T[]> {
    const rows: T[] = [];
    for (let start = 0; start < ids.length; start += VALUES_PER_QUERY) {
      const { marks, values } = inList(ids.slice(start, start + VALUES_PER_QUERY));
      rows.push(...(await ask(schema, statement(marks), [...values, ...further])));
    }
    return rows;
  }

  return {
    account: (id) => askOne(accounts.row, `${ACCOUNT} WHERE id = ?`, [id]),
    accountNamed: (username) => askOne(accounts.row, `${ACCOUNT} WHERE folded = ?`, [foldName(username)]),
    async disabledOf(ids) {
      const rows = await askAll(
        disabledRow,
        ids,
        (marks) =>
          `SELECT id AS account, disabled_position AS position FROM accounts
             WHERE id IN (${marks}) AND disabled_position IS NOT NULL`,
      );
      return new Map(rows.map(({ account, position }) => [account, position]));
    },
    async people(ids) {
      const rows = await askAll(personRow, ids, (marks) => `${PERSON} WHERE id IN (${marks})`);
      return new Map(rows.map((person) => [person.account, person]));
    },
    async namesHeld(ids, time) {
      const rows = await askAll(
        heldNameRow,
        ids,
        (marks) =>
          `SELECT owner AS account, name FROM reservations WHERE kind = '${USERNAMES}' AND owner IN (${marks})
             AND until > ? ORDER BY until DESC`,
        [time],
      );
      const held = new Map<AccountId, string[]>();
      for (const { account, name } of rows) held.set(account, [...(held.get(account) ?? []), name]);
      return held;
    },
    async ownerOf(device) {
      const owned = await askOne(deviceRow, 'SELECT device, account FROM devices WHERE device = ?', [device]);
      return owned?.account ?? null;
    },
    async ownersOf(devices) {
      const rows = await askAll(
        deviceRow,
        devices,
        (marks) => `SELECT device, account FROM devices WHERE device IN (${marks})`,
      );
      return new Map(rows.map(({ device, account }) => [device, account]));
    },
    devicesOf: (account) =>
      ask(ownDeviceRow, `${DEVICE} WHERE d.account = ? ORDER BY d.enrolled_at, d.device`, [account]),
    async enrolledOf(accounts, limit) {
      const rows = await askAll(
        deviceRow,
        accounts,
        (marks) =>
          `SELECT device, account FROM (
             SELECT device, account,
               ROW_NUMBER() OVER (PARTITION BY account ORDER BY enrolled_at DESC, device) AS place
             FROM devices WHERE account IN (${marks})) enrolled
           WHERE place <= ? ORDER BY account, place`,
        [limit],
      );
      const enrolled = new Map<AccountId, DeviceId[]>();
      for (const { device, account } of rows) {
        enrolled.set(account, [...(enrolled.get(account) ?? []), device]);
      }
      return enrolled;
    },
    nameOf: async (device) =>
      (await askOne(ownDeviceRow, `${DEVICE} WHERE d.device = ?`, [device]))?.name ?? null,
    room: (id) => askOne(rooms.row, `${ROOM} WHERE id = ?`, [id]),
    async roomNames(ids) {
      const rows = await askAll(
        namedRoomRow,
        ids,
        (marks) => `SELECT id AS conversation, name FROM rooms WHERE id IN (${marks})`,
      );
      return new Map(rows.map(({ conversation, name }) => [conversation, name]));
    },
    async roster(conversation) {
      const rows = await ask(
        rosterRow,
        `SELECT ${ROSTER}
         FROM rooms r
         LEFT JOIN memberships m ON m.room = r.id AND m.left_version IS NULL
         LEFT JOIN accounts a ON a.id = m.account
         WHERE r.id = ? ORDER BY m.joined_version`,
        [conversation],
      );
      const room = rows[0];
      if (room === undefined) return null;
      const members = rows.flatMap(({ account, username, namedAt, isAdmin, joinedVersion }) =>
        account === null || joinedVersion === null
          ? []
          : { account, username: username ?? '', namedAt: namedAt ?? 0, isAdmin, joinedVersion },
      );
      const { name, version, topic, isPrivate } = room;
      return { conversation, name, version, topic, isPrivate, members };
    },
    openRoomNamed: (name) => askOne(rooms.row, OPEN_ROOM_NAMED, [foldName(name)]),
    roomsFor: (account, limit) =>
      ask(
        listedRoomRow,
        `SELECT ${columnsOf(rooms, 'r')},
           (SELECT COUNT(*) FROM memberships m WHERE m.room = r.id AND m.left_version IS NULL) AS members
         FROM rooms r WHERE r.is_open = TRUE AND (r.is_private = FALSE
           OR EXISTS (SELECT 1 FROM memberships m WHERE m.room = r.id AND m.left_version IS NULL AND m.account = ?)
           OR EXISTS (SELECT 1 FROM invitations i WHERE i.room = r.id AND i.account = ?))
         ORDER BY r.folded LIMIT ?`,
        [account, account, limit],
      ),
    async isBanned(room, account) {
      const select = 'SELECT account FROM bans WHERE room = ? AND account = ?';
      return (await askOne(accountIdRow, select, [room, account])) !== null;
    },
    invitationsOf: (account, limit) =>
      ask(
        invitations.row,
        `SELECT ${columnsOf(invitations, 'i')} FROM invitations i JOIN rooms r ON r.id = i.room
         WHERE i.account = ? ORDER BY r.folded LIMIT ?`,
        [account, limit],
      ),
    leaders: () =>
      ask(
        leaderRow,
        `SELECT ${LEADER} FROM memberships m
         JOIN rooms r ON r.id = m.room
         WHERE m.is_admin = TRUE AND m.left_version IS NULL AND r.is_open = TRUE ORDER BY m.room, m.admin_version`,
        [],
      ),
    members: (room) =>
      ask(memberships.row, `${MEMBERSHIP} WHERE room = ? AND left_version IS NULL ORDER BY joined_version`, [
        room,
      ]),
    membersAt: (roomVersions) => membersAt(reads, roomVersions),
    async roomCountOf(account) {
      const counted = await askOne(
        countRow,
        'SELECT COUNT(*) AS count FROM memberships WHERE account = ? AND left_version IS NULL',
        [account],
      );
      return counted?.count ?? 0;
    },
    membershipsOf: (account) =>
      ask(memberships.row, `${MEMBERSHIP} WHERE account = ? AND left_version IS NULL`, [account]),
    async roommatesOf(account) {
      const rows = await ask(
        accountIdRow,
        `SELECT DISTINCT other.account FROM memberships own
         JOIN memberships other ON other.room = own.room AND other.left_version IS NULL
         WHERE own.account = ? AND own.left_version IS NULL`,
        [account],
      );
      return new Set(rows.map((row) => row.account));
    },
    stays: (room, account) =>
      ask(memberships.row, `${MEMBERSHIP} WHERE room = ? AND account = ? ORDER BY joined_version`, [
        room,
        account,
      ]),
  };
}
