// The members of rooms at past versions: one query for many room versions.
import type { ReadSql } from '../../core/events/sql/sql.js';
import type { AccountId } from '../../core/ids.js';
import type { ConversationId } from '../../core/protocol/message/message.js';
import { memberAtRow } from './rows.js';

const VERSIONS_PER_QUERY = 256;

/** A room at one of its versions. */
export interface RoomVersion {
  readonly room: ConversationId;
  readonly version: number;
}

/** The members at each room version, in the order given. */
export async function membersAt(
  reads: ReadSql,
  roomVersions: readonly RoomVersion[],
): Promise<readonly ReadonlySet<AccountId>[]> {
  const members = roomVersions.map(() => new Set<AccountId>());
  for (let start = 0; start < roomVersions.length; start += VERSIONS_PER_QUERY) {
    const asked = roomVersions.slice(start, start + VERSIONS_PER_QUERY);
    const rows = await reads.all(queryFor(asked.length), [
      ...asked.flatMap(({ room, version }, place) => [start + place, room, version]),
      ...Array<null>(3 * (slots(asked.length) - asked.length)).fill(null),
    ]);
    for (const row of rows) {
      const { place, account } = memberAtRow.parse(row);
      members[place]?.add(account);
    }
  }
  return members;
}

/** Rounds up to a power of two, so that queries of all lengths share a few prepared statements. */
const slots = (count: number): number => 2 ** Math.ceil(Math.log2(count));

/** Queries current and former members separately, because each has its own index. */
function queryFor(roomVersions: number): string {
  const values = Array(slots(roomVersions)).fill('(CAST(? AS BIGINT), ?, CAST(? AS BIGINT))').join(', ');
  return `WITH asked (place, room, version) AS (VALUES ${values})
    SELECT asked.place, m.account FROM asked JOIN memberships m ON m.room = asked.room
      WHERE m.left_version IS NULL AND m.joined_version <= asked.version
    UNION ALL SELECT asked.place, m.account FROM asked JOIN memberships m ON m.room = asked.room
      WHERE m.left_version >= asked.version AND m.joined_version <= asked.version`;
}
