// The lists of all rooms and of all accounts at a moment, as `admin rooms` and `admin accounts` show them.
import { z } from 'zod';
import { OperatorError } from '../../core/errors.js';
import { bytes, decoded } from '../../core/events/verification/log-reader.js';
import type { Look, Point } from '../look.js';
import { timeAt } from '../moment.js';
import { type Person, personAt } from '../subject/person.js';
import { timeText } from '../text/time.js';

export interface RoomListed {
  readonly id: string;
  /** Null if the name was redacted. */
  readonly name: string | null;
  readonly state: 'open' | 'unattended' | 'closed' | 'unreadable';
  readonly isPrivate: boolean;
  readonly members: number;
  readonly admins: readonly Person[];
  /** The last event of the room; null if the room is unreadable. */
  readonly lastActivity: Point | null;
  /** Why the room is unreadable. */
  readonly problem: string | null;
}

export interface AccountListed {
  readonly id: string;
  readonly name: string | null;
  readonly state: 'active' | 'throttled' | 'disabled' | 'unreadable';
  readonly devices: number;
  readonly rooms: number;
  /** The last event that the account caused, in any room or account; null if it caused none. */
  readonly lastActivity: Point | null;
  readonly problem: string | null;
}

const STREAMS = `SELECT ${bytes('stream')} AS stream FROM events
  WHERE version = 1 AND position <= ? AND stream LIKE ? ORDER BY position`;
const streamRow = z.object({ stream: z.string() });

const ACTIVITY = `SELECT ${bytes('account')} AS account, MAX(position) AS position FROM
  (SELECT position, CASE WHEN json_valid(metadata) THEN json_extract(metadata, '$.account') END AS account
   FROM events WHERE position <= ?)
  WHERE account IS NOT NULL GROUP BY account`;
const activityRow = z.object({ account: z.string(), position: z.number() });

// The derived table keeps every membership. The log has the positions at which it began and ended.
const ROOM_COUNTS = `SELECT ${bytes('m.account')} AS account, COUNT(*) AS rooms FROM memberships m
  JOIN events joined ON joined.stream = m.room AND joined.version = m.joined_version
  LEFT JOIN events gone ON gone.stream = m.room AND gone.version = m.left_version
  WHERE joined.position <= ? AND (gone.position IS NULL OR gone.position > ?) GROUP BY m.account`;
const countRow = z.object({ account: z.string(), rooms: z.number() });

/** In the order in which the rooms were created. */
export async function* listRooms(look: Look, at: Point): AsyncGenerator<RoomListed, void> {
  const { position } = at;
  const end = await look.end();
  for (const id of await streamsOf(look, 'room', position)) {
    const name = await look.names.ofRoom(id, position);
    const read = await readable(() => look.states.room(id, position));
    if ('problem' in read) {
      const unknown = { isPrivate: false, members: 0, admins: [], lastActivity: null };
      yield { id, name, state: 'unreadable', ...unknown, problem: read.problem };
      continue;
    }
    const { snapshot, position: last } = read.state;
    const { members, admins, isPrivate } = snapshot.context;
    const isUnattended = snapshot.matches({ open: 'unattended' });
    yield {
      id,
      name,
      state: snapshot.matches('closed') ? 'closed' : isUnattended ? 'unattended' : 'open',
      isPrivate,
      members: members.length,
      admins: await Promise.all(admins.map((admin) => personAt(look.names, admin, position, end))),
      lastActivity: await pointIn(look, last),
      problem: null,
    };
  }
}

/** In the order in which the accounts were registered. */
export async function* listAccounts(look: Look, at: Point): AsyncGenerator<AccountListed, void> {
  const { position } = at;
  const activities = (await look.sql.all(ACTIVITY, [position])).map((row) => activityRow.parse(decoded(row)));
  const lastOf = new Map(activities.map((activity) => [activity.account, activity.position]));
  const counts = (await look.sql.all(ROOM_COUNTS, [position, position])).map((row) =>
    countRow.parse(decoded(row)),
  );
  const roomsOf = new Map(counts.map(({ account, rooms }) => [account, rooms]));
  for (const stream of await streamsOf(look, 'account', position)) {
    const id = stream.slice('account-'.length);
    const last = lastOf.get(id);
    const common = {
      id,
      name: await look.names.ofAccount(id, position),
      rooms: roomsOf.get(id) ?? 0,
      lastActivity: last === undefined ? null : await pointIn(look, last),
    };
    const read = await readable(() => look.states.account(stream, position));
    if ('problem' in read) {
      yield { ...common, state: 'unreadable', devices: 0, problem: read.problem };
      continue;
    }
    const { snapshot } = read.state;
    const isThrottled = snapshot.matches({ active: 'throttled' });
    const state = snapshot.matches('disabled') ? 'disabled' : isThrottled ? 'throttled' : 'active';
    yield { ...common, state, devices: snapshot.context.devices.length, problem: null };
  }
}

async function streamsOf({ sql }: Look, kind: string, position: number): Promise<readonly string[]> {
  const rows = await sql.all(STREAMS, [position, `${kind}-%`]);
  return rows.map((row) => streamRow.parse(decoded(row)).stream);
}

/** One stream that cannot be read must not hide the others. */
async function readable<S>(
  read: () => Promise<S>,
): Promise<{ readonly state: S } | { readonly problem: string }> {
  try {
    return { state: await read() };
  } catch (thrown) {
    if (thrown instanceof OperatorError) return { problem: thrown.message };
    throw thrown;
  }
}

const pointIn = async ({ sql }: Look, position: number): Promise<Point> => ({
  position,
  time: timeText(await timeAt(sql, position)),
});
