// The parsers of query results that are not rows of one table. Databases differ in how they return booleans and big integers.
import { z } from 'zod';
import { columnsOf } from '../../core/events/sql/table.js';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import { accounts, devices, memberships, rooms } from './tables.js';
import { whereabouts } from './non-derived-tables.js';

const bigint = z.coerce.number().int();

export const accountIdRow = z.object({ account: accountIdSchema });

/** A member of one of the queried room versions; `place` is the index of that room version in the query. */
export const memberAtRow = accountIdRow.extend({ place: bigint });

export const PERSON = `SELECT id AS account, ${columnsOf(accounts, 'accounts', ['username', 'namedAt'])} FROM accounts`;
export const personRow = accounts.row
  .pick({ username: true, namedAt: true })
  .extend({ account: accountIdSchema });

export const disabledRow = z.object({ account: accountIdSchema, position: bigint });

export const heldNameRow = z.object({ account: accountIdSchema, name: z.string() });

export const deviceRow = z.object({ device: deviceIdSchema, account: accountIdSchema });

/** A device with the time it was last seen. */
export const DEVICE = `SELECT ${columnsOf(devices, 'd', ['device', 'name', 'enrolledAt'])},
    ${columnsOf(whereabouts, 'w', ['seenAt'])} FROM devices d LEFT JOIN whereabouts w ON w.device = d.device`;
export const ownDeviceRow = devices.row
  .omit({ account: true })
  .extend(whereabouts.row.pick({ seenAt: true }).shape);

export const listedRoomRow = rooms.row.extend({ members: bigint });

/** An admin of an open room, with the attendance of the room. */
export const LEADER = `${columnsOf(memberships, 'm', ['room', 'account'])},
  ${columnsOf(rooms, 'r', ['isAttended', 'deadline'])}`;
export const leaderRow = memberships.row
  .pick({ room: true, account: true })
  .extend(rooms.row.pick({ isAttended: true, deadline: true }).shape);

export const namedRoomRow = z.object({ conversation: conversationIdSchema, name: z.string() });

/** A row per member of a room, or one row with null columns if the room has no members. */
export const ROSTER = `${columnsOf(rooms, 'r', ['name', 'topic', 'isPrivate', 'version'])},
  ${columnsOf(memberships, 'm', ['account', 'isAdmin', 'joinedVersion'])},
  ${columnsOf(accounts, 'a', ['username', 'namedAt'])}`;
export const rosterRow = rooms.row.pick({ name: true, topic: true, isPrivate: true, version: true }).extend({
  account: accountIdSchema.nullable(),
  username: z.string().nullable(),
  namedAt: bigint.nullable(),
  isAdmin: z.coerce.boolean(),
  joinedVersion: bigint.nullable(),
});

export const countRow = z.object({ count: bigint });
