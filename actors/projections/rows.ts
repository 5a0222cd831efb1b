// The parsers of SQL rows from the derived tables. Databases differ in how they return booleans and big integers.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import type { AccountRow, InvitationRow, MembershipRow, RoomRow } from './tables.js';

// PostgreSQL returns big integers as text; SQLite returns booleans as numbers.
const bigint = z.coerce.number().int();
const nullableBigint = z.preprocess((value) => (value === null ? null : Number(value)), z.int().nullable());
const flag = z.coerce.boolean();

export const ACCOUNT = `SELECT id, username, folded, registered_at AS "registeredAt",
  named_at AS "namedAt", disabled_position AS "disabledPosition", disabled_reason AS "disabledReason" FROM accounts`;
export const accountRow: z.ZodType<AccountRow> = z.object({
  id: accountIdSchema,
  username: z.string(),
  folded: z.string(),
  registeredAt: bigint,
  namedAt: bigint,
  disabledPosition: nullableBigint,
  disabledReason: z.string().nullable(),
});

export const accountIdRow = z.object({ account: accountIdSchema });

/** A member of the room version at index `place` of the query. */
export const memberAtRow = z.object({ place: bigint, account: accountIdSchema });

export const PERSON = 'SELECT id AS account, username, named_at AS "namedAt" FROM accounts';
export const personRow = z.object({ account: accountIdSchema, username: z.string(), namedAt: bigint });

export const disabledRow = z.object({ account: accountIdSchema, position: bigint });

export const heldNameRow = z.object({ account: accountIdSchema, name: z.string() });

export const deviceRow = z.object({ device: deviceIdSchema, account: accountIdSchema });

/** A device with the time it was last seen. */
export const DEVICE = `SELECT d.device, d.name, d.enrolled_at AS "enrolledAt", w.seen_at AS "seenAt"
  FROM devices d LEFT JOIN whereabouts w ON w.device = d.device`;
export const ownDeviceRow = z.object({
  device: deviceIdSchema,
  name: z.string(),
  enrolledAt: bigint,
  seenAt: bigint.nullable(),
});

export const ROOM_COLUMNS = `r.id, r.name, r.folded, r.topic, r.version, r.is_open AS "isOpen",
  r.is_private AS "isPrivate", r.successor, r.is_attended AS "isAttended", r.deadline`;
export const ROOM = `SELECT ${ROOM_COLUMNS} FROM rooms r`;
const roomColumns = z.object({
  id: conversationIdSchema,
  name: z.string(),
  folded: z.string(),
  topic: z.string(),
  version: bigint,
  isOpen: flag,
  isPrivate: flag,
  successor: accountIdSchema.nullable(),
  isAttended: flag,
  deadline: nullableBigint,
});
export const roomRow: z.ZodType<RoomRow> = roomColumns;
export const listedRoomRow = roomColumns.extend({ members: bigint });

export const MEMBERSHIP = `SELECT room, account, joined_version AS "joinedVersion", left_version AS "leftVersion",
  joined_at AS "joinedAt", is_admin AS "isAdmin", admin_version AS "adminVersion" FROM memberships`;
export const membershipRow: z.ZodType<MembershipRow> = z.object({
  room: conversationIdSchema,
  account: accountIdSchema,
  joinedVersion: bigint,
  leftVersion: nullableBigint,
  joinedAt: bigint,
  isAdmin: flag,
  adminVersion: nullableBigint,
});

export const invitationRow: z.ZodType<InvitationRow> = z.object({
  room: conversationIdSchema,
  account: accountIdSchema,
  version: bigint,
});

/** An admin of an open room, with the attendance of the room. */
export const leaderRow = z.object({
  room: conversationIdSchema,
  account: accountIdSchema,
  isAttended: flag,
  deadline: nullableBigint,
});

export const namedRoomRow = z.object({ conversation: conversationIdSchema, name: z.string() });

/** A room with one of its members, or without a member. */
export const rosterRow = z.object({
  name: z.string(),
  topic: z.string(),
  isPrivate: flag,
  version: bigint,
  account: accountIdSchema.nullable(),
  username: z.string().nullable(),
  namedAt: bigint.nullable(),
  isAdmin: flag,
  joinedVersion: bigint.nullable(),
});

export const countRow = z.object({ count: bigint });
