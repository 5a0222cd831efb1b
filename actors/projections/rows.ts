// The rows of the derived tables as SQL gives them, parsed into ours. Databases differ in how they say booleans and big numbers.
import { z } from 'zod';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message.js';
import type { AccountRow, MembershipRow, RoomRow } from './tables.js';

// PostgreSQL gives big numbers as text; SQLite gives booleans as numbers.
const bigint = z.coerce.number().int();
const flag = z.coerce.boolean();

export const ACCOUNT = `SELECT id, username, folded, registered_at AS "registeredAt",
  named_at AS "namedAt" FROM accounts`;
export const accountRow: z.ZodType<AccountRow> = z.object({
  id: accountIdSchema,
  username: z.string(),
  folded: z.string(),
  registeredAt: bigint,
  namedAt: bigint,
});

export const accountIdRow = z.object({ account: accountIdSchema });

export const PERSON = 'SELECT id AS account, username, named_at AS "namedAt" FROM accounts';
export const personRow = z.object({ account: accountIdSchema, username: z.string(), namedAt: bigint });

export const heldNameRow = z.object({ account: accountIdSchema, name: z.string() });

export const deviceRow = z.object({ device: deviceIdSchema, account: accountIdSchema });

/** With when it was last seen. */
export const DEVICE = `SELECT d.device, d.name, d.enrolled_at AS "enrolledAt", w.seen_at AS "seenAt"
  FROM devices d LEFT JOIN whereabouts w ON w.device = d.device`;
export const ownDeviceRow = z.object({
  device: deviceIdSchema,
  name: z.string(),
  enrolledAt: bigint,
  seenAt: bigint.nullable(),
});

export const ROOM = 'SELECT id, name, folded, topic, version, is_open AS "isOpen" FROM rooms';
const roomColumns = z.object({
  id: conversationIdSchema,
  name: z.string(),
  folded: z.string(),
  topic: z.string(),
  version: bigint,
  isOpen: flag,
});
export const roomRow: z.ZodType<RoomRow> = roomColumns;
export const listedRoomRow = roomColumns.extend({ members: bigint });

export const MEMBERSHIP = `SELECT room, account, joined_version AS "joinedVersion", left_version AS "leftVersion",
  joined_at AS "joinedAt", is_admin AS "isAdmin" FROM memberships`;
export const membershipRow: z.ZodType<MembershipRow> = z.object({
  room: conversationIdSchema,
  account: accountIdSchema,
  joinedVersion: bigint,
  leftVersion: bigint.nullable(),
  joinedAt: bigint,
  isAdmin: flag,
});

export const namedRoomRow = z.object({ conversation: conversationIdSchema, name: z.string() });

/** A room with one of its members, or with none. */
export const rosterRow = z.object({
  name: z.string(),
  version: bigint,
  account: accountIdSchema.nullable(),
  username: z.string().nullable(),
  namedAt: bigint.nullable(),
  isAdmin: flag,
  joinedVersion: bigint.nullable(),
});

export const countRow = z.object({ count: bigint });
