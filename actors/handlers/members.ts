// The member list of a room, in join order. It gives the reason why each admin became admin, and the next admin in succession.
import { z } from 'zod';
import { isQuarantined } from '../../core/events/event.js';
import type { EventStore } from '../../core/events/store.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import type { Answer } from '../../core/protocol/envelope.js';
import type { Person } from '../../core/protocol/signed/statements.js';
import type { Blocks } from '../contact/blocks.js';
import type { Caller } from '../caller.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import type { MembershipRow, RoomRow } from '../projections/tables.js';

export interface MembersParts {
  readonly store: EventStore;
  readonly directory: Directory;
  readonly presence: Presence;
  readonly blocks: Pick<Blocks, 'blockersOf'>;
}

const becauseSchema = z.object({ because: z.string() });

/** Answers `MEMBERS` for an open room. */
export async function listMembers(parts: MembersParts, caller: Caller, room: RoomRow): Promise<Answer<2>> {
  const { directory, presence, blocks } = parts;
  if (await directory.isBanned(room.id, caller.account)) return { phrase: 'BANNED' };
  const rows = await directory.members(room.id);
  const isMember = rows.some(({ account }) => account === caller.account);
  if (room.isPrivate && !isMember) return { phrase: 'NOT_A_MEMBER' };
  const people = await directory.people(rows.map(({ account }) => account));
  const next = nextOf(room, rows);
  // Accounts that have blocked the caller appear offline to the caller.
  const hidden = await blocks.blockersOf(caller.account);
  return {
    phrase: 'MEMBERS_LISTED_S',
    data: {
      members: await Promise.all(
        rows.map(async (row) => ({
          username: nameIn(people, row.account),
          admin: row.isAdmin,
          joined: new Date(row.joinedAt).toISOString(),
          online: presence.isOnline(row.account) && !hidden.has(row.account),
          leads: await leadershipOf(parts, row),
        })),
      ),
      next: next === null ? null : nameIn(people, next),
    },
  };
}

/** The next admin if all present admins leave; null if every member is an admin. */
function nextOf({ successor }: RoomRow, members: readonly MembershipRow[]): AccountId | null {
  return successor ?? members.find(({ isAdmin }) => !isAdmin)?.account ?? null;
}

/** When and why a member became admin, read from the event that caused it; null for other members. */
async function leadershipOf({ store, directory }: MembersParts, { room, adminVersion }: MembershipRow) {
  if (adminVersion === null) return null;
  const [event] = await store.readStream(room, { fromVersion: adminVersion, limit: 1 });
  if (event === undefined || isQuarantined(event)) return null;
  const actor =
    event.type === 'AdminPromoted' ? accountIdSchema.safeParse(event.metadata.account).data : null;
  const by = actor === null || actor === undefined ? null : await directory.account(actor);
  return {
    event: event.type,
    because: becauseSchema.safeParse(event.payload).data?.because ?? null,
    by: by?.username ?? null,
    since: new Date(event.recordedAt).toISOString(),
  };
}

const nameIn = (people: ReadonlyMap<AccountId, Person>, account: AccountId): string =>
  people.get(account)?.username ?? '';
