// The tracker's derived tables, as TypeORM sees them, and with them all the tables there are.
import { EntitySchema } from 'typeorm';
import { bigint } from '../../core/events/sql/tables.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { ConversationId } from '../../core/protocol/message/message.js';
import { nonDerivedTables } from './non-derived-tables.js';

const text = (length: number) => ({ type: 'varchar', length }) as const;

export interface AccountRow {
  readonly id: AccountId;
  readonly username: string;
  /** The username as it is compared. */
  readonly folded: string;
  /** Milliseconds since the epoch; so are all times here. */
  readonly registeredAt: number;
  /** Since when it has this name: later with each name, whatever the clock says. */
  readonly namedAt: number;
  /** The position of the event that disabled it; null while it is not. */
  readonly disabledPosition: number | null;
  /** Why it is disabled, empty for no reason; null while it is not. */
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
  /** What its terminal calls itself. */
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
  /** Credentials issued until then are void; it stays when the device is enrolled again. */
  readonly voidUntil: number;
  /** Whose it was when it was last revoked, when that was, and by which device: null for the tracker itself. */
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
  /** The room's stream, which is also its conversation. */
  readonly id: ConversationId;
  readonly name: string;
  readonly folded: string;
  readonly topic: string;
  /** The version of the stream that this row reflects. */
  readonly version: number;
  readonly isOpen: boolean;
  readonly isPrivate: boolean;
  /** The member who was named to lead next. */
  readonly successor: AccountId | null;
  /** False while no admin has been there for a while… */
  readonly isAttended: boolean;
  /** …and then when a member who is online becomes one, milliseconds since the epoch; null: never. */
  readonly deadline: number | null;
}

// SQLite keeps a boolean as a number.
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
  // Names of rooms that closed are for others to take.
  indices: [{ name: 'rooms_open', columns: ['folded'], where: 'is_open = TRUE' }],
});

/** One stay of an account in a room. Stays that ended are kept: they say what it may still be told of. */
export interface MembershipRow {
  readonly room: ConversationId;
  readonly account: AccountId;
  /** The versions of the room with which it began and ended; null while it lasts. Join order is their order. */
  readonly joinedVersion: number;
  readonly leftVersion: number | null;
  readonly joinedAt: number;
  readonly isAdmin: boolean;
  /** The version with which the member became admin; null for one who is none. */
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
  // Who is there now must be found as fast after a thousand stays that ended.
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

/** An invitation that nobody has followed yet. */
export interface InvitationRow {
  readonly room: ConversationId;
  readonly account: AccountId;
  /** The version of the room with which it was given. */
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
