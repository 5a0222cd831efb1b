// The answer to `LOG`: a page of the moderation history of a room, each event with the proof that the log has it. Only members
// get it. Members see the texts of events during their own memberships and of events about their own account, as in a sync.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventRow, parseEventRow, readEvent } from '../../core/events/event.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import { columnsOf } from '../../core/events/sql/table.js';
import { events } from '../../core/events/sql/tables.js';
import { GENESIS } from '../../core/events/chain.js';
import { accountIdSchema } from '../../core/ids.js';
import type { Answer } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import type { RoomOperation } from '../../core/protocol/operations.js';
import { type LoggedEvent, moderationEvents } from '../../core/protocol/room-log.js';
import type { Caller } from '../caller.js';
import { subjectOf } from '../notices/notices.js';
import type { Directory } from '../projections/directory.js';
import type { MembershipRow, RoomRow } from '../projections/tables.js';
import { inBase64, type LogProofs } from './log-proofs.js';

export interface RoomLogParts {
  readonly reads: ReadSql;
  readonly directory: Directory;
  readonly logProofs: LogProofs;
}

type LogOperation = Extract<RoomOperation, { operation: 'LOG' }>;

/** Versions read at once, and at most in one request: a room may have many joins between two moderations. */
const SLICE_VERSIONS = 500;
const MOST_VERSIONS = 10_000;

const SLICE = `SELECT ${columnsOf(events)} FROM events
  WHERE stream = ? AND version < ? AND version >= ? AND position <= ? ORDER BY version DESC`;
const HASH = 'SELECT hash FROM events WHERE position = ?';
const hashRow = events.row.pick({ hash: true });
const shown: ReadonlySet<string> = new Set(moderationEvents);

/** Answers `LOG` for an open room. */
export async function listRoomLog(
  { reads, directory, logProofs }: RoomLogParts,
  { account }: Caller,
  room: RoomRow,
  { before, size }: LogOperation,
): Promise<Answer<2>> {
  if (await directory.isBanned(room.id, account)) return { phrase: 'BANNED' };
  const stays = await directory.stays(room.id, account);
  if (stays.at(-1)?.leftVersion !== null) return { phrase: 'NOT_A_MEMBER' };
  if ((await logProofs.rootAt(size)) === null) return { phrase: 'INVALID_COMMAND', message: TOO_LONG };
  const page = await pageOf(reads, room, before ?? room.version + 1, size);
  const logged: LoggedEvent[] = [];
  const accounts = new Set<string>();
  for (const row of page.rows) {
    const recorded = readEvent(row);
    for (const one of [recorded.payload['account'], recorded.payload['after'], recorded.metadata.account])
      if (typeof one === 'string') accounts.add(one);
    const isOwn = subjectOf(recorded) === account;
    const isVisible = isOwn || isPublic(row, room) || stays.some((stay) => covers(stay, row.version));
    // A proof takes milliseconds in a long log.
    await nextTurn();
    const path = await logProofs.inclusion(row.position, size);
    if (path === null) continue;
    const { hash: _, ...event } = isVisible ? row : { ...row, personal: null, salt: null };
    logged.push({ previous: await hashBefore(reads, row.position), event, path: inBase64(path) });
  }
  const ids = [...accounts].flatMap((one) => accountIdSchema.safeParse(one).data ?? []);
  const people = [...(await directory.people(ids)).values()];
  return {
    phrase: 'LOG_LISTED_S',
    data: {
      conversation: room.id,
      events: logged,
      people: people.map(({ account: id, username }) => ({ account: id, username })),
      before: page.before,
    },
  };
}

const TOO_LONG = 'The log of the tracker is shorter than this size.';

/** The latest moderation events before a version, and the version to continue with; null at the beginning of the room. */
async function pageOf(reads: ReadSql, room: RoomRow, before: number, size: number) {
  const rows: EventRow[] = [];
  const end = Math.max(1, before - MOST_VERSIONS);
  for (let above = before; above > end; above = Math.max(end, above - SLICE_VERSIONS)) {
    const below = Math.max(end, above - SLICE_VERSIONS);
    for (const row of await reads.all(SLICE, [room.id, above, below, size])) {
      const event = parseEventRow(row);
      if (!shown.has(event.type)) continue;
      rows.push(event);
      if (rows.length === limits.eventsPerRoomLog)
        return { rows, before: event.version === 1 ? null : event.version };
    }
  }
  return { rows, before: end === 1 ? null : end };
}

/** Whether everybody in the room may see the text of the event: the room's name and the present topic. */
const isPublic = ({ type, version, personal }: EventRow, { topic }: RoomRow): boolean =>
  version === 1 || (type === 'TopicChanged' && personal === JSON.stringify({ topic }));

const covers = ({ joinedVersion, leftVersion }: MembershipRow, version: number): boolean =>
  joinedVersion <= version && (leftVersion === null || version <= leftVersion);

async function hashBefore(reads: ReadSql, position: number): Promise<string> {
  if (position === 1) return GENESIS.hash;
  const row = await reads.first(HASH, [position - 1]);
  return hashRow.parse(row).hash;
}
