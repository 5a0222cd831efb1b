// The TypeORM definitions of the derived tables, and the list of all tables of the tracker.
import { EntitySchema } from 'typeorm';
import { bigint } from '../../core/events/sql/tables.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { ConversationId } from '../../core/protocol/message/message.js';
import { nonDerivedTables } from './non-derived-tables.js';

const text = (length: number) => ({ type: 'varchar', length }) as const;

export interface AccountRow {
  readonly id: AccountId;
  readonly username: string;
  /** The folded username, which comparisons use. */
  readonly folded: string;
  /** Milliseconds since the epoch, like all times here. */
  readonly registeredAt: number;
  /** When it got its current name. It increases with each rename, even if the clock is set back. */
  readonly namedAt: number;
  /** The position of the event that disabled it; null if it is not disabled. */
  readonly disabledPosition: number | null;
  /** The reason, which may be empty; null if it is not disabled. */
  readonly disabledReason: string | null;
}

const accountTable = new EntitySchema<AccountRow>({
  name: 'account',
  tableName: 'accounts',
  columns: {
    id: { ...text(32), primary: true },
    username: text(64),
    folded: text(64),
    registeredAt: { ...bigint, name: 'registered_at' },
    namedAt: { ...bigint, name: 'named_at' },
    disabledPosition: { ...bigint, name: 'disabled_position', nullable: true },
    disabledReason: { type: 'text', name: 'disabled_reason', nullable: true },
  },
  indices: [{ name: 'accounts_folded', columns: ['folded'], unique: true }],
});

export interface DeviceRow {
  readonly device: DeviceId;
  readonly account: AccountId;
  readonly enrolledAt: number;
  /** The name of the terminal. */
  readonly name: string;
}

const deviceTable = new EntitySchema<DeviceRow>({
  name: 'device',
  tableName: 'devices',
  columns: {
    device: { ...text(64), primary: true },
    account: text(32),
    enrolledAt: { ...bigint, name: 'enrolled_at' },
    name: text(64),
  },
  indices: [{ name: 'devices_account', columns: ['account'] }],
});

export interface RevocationRow {
  readonly device: DeviceId;
  /** Credentials issued up to this time are void. It stays when the device is enrolled again. */
  readonly voidUntil: number;
  /** The last revocation: the account of the device, the time, and the revoking device; null if the tracker revoked it. */
  readonly account: AccountId;
  readonly revokedAt: number;
  readonly revokedBy: DeviceId | null;
}

const revocationTable = new EntitySchema<RevocationRow>({
  name: 'revocation',
  tableName: 'revocations',
  columns: {
    device: { ...text(64), primary: true },
    voidUntil: { ...bigint, name: 'void_until' },
    account: text(32),
    revokedAt: { ...bigint, name: 'revoked_at' },
    revokedBy: { ...text(64), name: 'revoked_by', nullable: true },
  },
  indices: [{ name: 'revocations_void_until', columns: ['voidUntil'] }],
});

export interface RoomRow {
  /** The stream of the room, which is also its conversation. */
  readonly id: ConversationId;
  readonly name: string;
  readonly folded: string;
  readonly topic: string;
  /** The version of the stream that this row reflects. */
  readonly version: number;
  readonly isOpen: boolean;
  readonly isPrivate: boolean;
  /** The named successor. */
  readonly successor: AccountId | null;
  /** False if no admin has been online for a while. */
  readonly isAttended: boolean;
  /** The time at which an online member becomes admin of an unattended room, milliseconds since the epoch; else null. */
  readonly deadline: number | null;
}

// SQLite stores a boolean as a number.
const boolean = {
  type: 'boolean',
  transformer: { from: (stored: unknown) => Boolean(stored), to: (value: unknown) => value },
} as const;

const roomTable = new EntitySchema<RoomRow>({
  name: 'room',
  tableName: 'rooms',
  columns: {
    id: { ...text(64), primary: true },
    name: text(64),
    folded: text(64),
    topic: { type: 'text' },
    version: bigint,
    isOpen: { ...boolean, name: 'is_open' },
    isPrivate: { ...boolean, name: 'is_private', default: () => 'FALSE' },
    successor: { ...text(32), nullable: true },
    isAttended: { ...boolean, name: 'is_attended', default: () => 'TRUE' },
    deadline: { ...bigint, nullable: true },
  },
  // The names of closed rooms are free for new rooms.
  indices: [{ name: 'rooms_open', columns: ['folded'], where: 'is_open = TRUE' }],
});

/** One membership of an account in a room. Ended memberships are kept, because they decide which events the account may see. */
export interface MembershipRow {
  readonly room: ConversationId;
  readonly account: AccountId;
  /** The room versions at which it began and ended; null while it lasts. Join order is the order of `joinedVersion`. */
  readonly joinedVersion: number;
  readonly leftVersion: number | null;
  readonly joinedAt: number;
  readonly isAdmin: boolean;
  /** The room version at which the member became admin; null if they are not an admin. */
  readonly adminVersion: number | null;
}

const membershipTable = new EntitySchema<MembershipRow>({
  name: 'membership',
  tableName: 'memberships',
  columns: {
    room: { ...text(64), primary: true },
    joinedVersion: { ...bigint, name: 'joined_version', primary: true },
    account: text(32),
    leftVersion: { ...bigint, name: 'left_version', nullable: true },
    joinedAt: { ...bigint, name: 'joined_at' },
    isAdmin: { ...boolean, name: 'is_admin' },
    adminVersion: { ...bigint, name: 'admin_version', nullable: true },
  },
  // The query for current members must stay fast after thousands of ended memberships.
  indices: [
    {
      name: 'memberships_of_room',
      columns: ['room', 'joinedVersion', 'leftVersion'],
      where: 'left_version IS NULL',
    },
    {
      name: 'memberships_of_account',
      columns: ['account', 'room', 'leftVersion'],
      where: 'left_version IS NULL',
    },
    { name: 'memberships_ended', columns: ['room', 'leftVersion'], where: 'left_version IS NOT NULL' },
    { name: 'memberships_stays', columns: ['account', 'room', 'joinedVersion'] },
  ],
});

const banTable = new EntitySchema<{
  readonly room: ConversationId;
  readonly account: AccountId;
  readonly bannedAt: number;
}>({
  name: 'ban',
  tableName: 'bans',
  columns: {
    room: { ...text(64), primary: true },
    account: { ...text(32), primary: true },
    bannedAt: { ...bigint, name: 'banned_at' },
  },
});

/** An open invitation. */
export interface InvitationRow {
  readonly room: ConversationId;
  readonly account: AccountId;
  /** The room version of its `MemberInvited` event. */
  readonly version: number;
}

const invitationTable = new EntitySchema<InvitationRow>({
  name: 'invitation',
  tableName: 'invitations',
  columns: {
    room: { ...text(64), primary: true },
    account: { ...text(32), primary: true },
    version: bigint,
  },
  indices: [{ name: 'invitations_account', columns: ['account'] }],
});

export const trackerTables = [
  accountTable,
  deviceTable,
  revocationTable,
  roomTable,
  membershipTable,
  banTable,
  invitationTable,
  ...nonDerivedTables,
] as const;
