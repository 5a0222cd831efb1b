// The derived tables: quarantined events, accounts, devices, revocations, rooms, memberships, bans and invitations; and the list of all tables of the
// tracker. All times are in milliseconds since the epoch.
import { z } from 'zod';
import {
  bigint,
  defineTable,
  flag,
  longText,
  nullable,
  primary,
  type RowOf,
  text,
} from '../../core/events/sql/table.js';
import { quarantinedEvents } from '../../core/events/sql/tables.js';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import { integrationKeys, integrations } from './integration-tables.js';
import { nonDerivedTables } from './non-derived-tables.js';

const accountId = text(32, accountIdSchema);
const deviceId = text(64, deviceIdSchema);
const roomId = text(64, conversationIdSchema);
const name = text(64, z.string());

export const accounts = defineTable(
  'accounts',
  {
    id: primary(accountId),
    username: name,
    /** The folded username, which comparisons use. */
    folded: name,
    registeredAt: bigint(),
    /** When the account got its current name. The value increases with each rename, even if the clock is set back. */
    namedAt: bigint(),
    /** The position of the event that disabled the account; null if it is not disabled. */
    disabledPosition: nullable(bigint()),
    /** The operator's reason, which may be empty; null if the account is not disabled. */
    disabledReason: nullable(longText(z.string())),
  },
  [{ name: 'accounts_folded', columns: ['folded'], unique: true }],
);
export type AccountRow = RowOf<typeof accounts>;

export const devices = defineTable(
  'devices',
  {
    device: primary(deviceId),
    account: accountId,
    enrolledAt: bigint(),
    /** The name of the terminal. */
    name,
  },
  [{ name: 'devices_account', columns: ['account'] }],
);
export type DeviceRow = RowOf<typeof devices>;

export const revocations = defineTable(
  'revocations',
  {
    device: primary(deviceId),
    /** Credentials issued up to this time are void. The value is kept when the device is enrolled again. */
    voidUntil: bigint(),
    /**
     * The last revocation: the account of the revoked device, the time, and the device that revoked it. `revokedBy` is null if
     * the tracker did.
     */
    account: accountId,
    revokedAt: bigint(),
    revokedBy: nullable(deviceId),
    /** The operator's reason; null if the operator gave none, or did not revoke it. */
    reason: nullable(longText(z.string())),
  },
  [{ name: 'revocations_void_until', columns: ['voidUntil'] }],
);
export type RevocationRow = RowOf<typeof revocations>;

export const rooms = defineTable(
  'rooms',
  {
    /** The stream of the room, which is also its conversation. */
    id: primary(roomId),
    name,
    folded: name,
    topic: longText(z.string()),
    /** The version of the stream that this row reflects. */
    version: bigint(),
    isOpen: flag(),
    isPrivate: flag('FALSE'),
    /** The named successor. */
    successor: nullable(accountId),
    /** False if no admin has been online for a while. */
    isAttended: flag('TRUE'),
    /** The time at which an online member becomes admin of an unattended room; null in all other cases. */
    deadline: nullable(bigint()),
  },
  // The names of closed rooms are free for new rooms.
  [{ name: 'rooms_open', columns: ['folded'], where: 'is_open = TRUE' }],
);
export type RoomRow = RowOf<typeof rooms>;

/** The memberships of accounts in rooms. Ended memberships are kept, because they decide which events the account may see. */
export const memberships = defineTable(
  'memberships',
  {
    room: primary(roomId),
    /** The room version at which the membership began. Join order is the order of this column. */
    joinedVersion: primary(bigint()),
    account: accountId,
    /** The room version at which the membership ended; null while it lasts. */
    leftVersion: nullable(bigint()),
    joinedAt: bigint(),
    isAdmin: flag(),
    /** The room version at which the member became admin; null if they are not an admin. */
    adminVersion: nullable(bigint()),
  },
  // The query for current members must stay fast after thousands of ended memberships.
  [
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
);
export type MembershipRow = RowOf<typeof memberships>;

export const bans = defineTable('bans', {
  room: primary(roomId),
  account: primary(accountId),
  bannedAt: bigint(),
});

/** The open invitations. */
export const invitations = defineTable(
  'invitations',
  {
    room: primary(roomId),
    account: primary(accountId),
    /** The room version of its `MemberInvited` event. */
    version: bigint(),
  },
  [{ name: 'invitations_account', columns: ['account'] }],
);
export type InvitationRow = RowOf<typeof invitations>;

/** The tables that only projections write. */
export const projectedTables = [
  quarantinedEvents,
  accounts,
  devices,
  revocations,
  rooms,
  memberships,
  bans,
  invitations,
  integrations,
  integrationKeys,
] as const;

export const trackerTables = [...projectedTables, ...nonDerivedTables] as const;
