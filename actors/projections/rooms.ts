// The tables of rooms and their memberships, as the events of rooms make them.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Projection } from '../../core/events/projector.js';
import type { Sql } from '../../core/events/sql.js';
import { accountIdSchema } from '../../core/ids.js';
import { foldName } from '../../core/protocol/names.js';

const ofAccount = z.object({ account: accountIdSchema });
const named = z.object({ name: z.string() });

/** Stands for a name that was redacted; its fold is the room's own, so that nobody can ask for it. */
const REDACTED = 'redacted';
const PRESENT = 'room = ? AND account = ? AND left_version IS NULL';

export const roomProjection: Projection = { name: 'rooms', apply };

async function apply(event: RecordedEvent, sql: Sql): Promise<void> {
  if (!event.stream.startsWith('room-')) return;
  const { account } = ofAccount.parse(event.payload);
  const member = [event.stream, account] as const;
  switch (event.type) {
    case 'RoomCreated': {
      const name = event.personal === null ? null : named.parse(event.personal).name;
      const folded = name === null ? event.stream : foldName(name);
      await sql.run(
        "INSERT INTO rooms (id, name, folded, topic, version, is_open) VALUES (?, ?, ?, '', ?, TRUE)",
        [event.stream, name ?? REDACTED, folded, event.version],
      );
      await join(event, account, true, sql);
      return;
    }
    case 'MemberJoined':
      await join(event, account, false, sql);
      break;
    case 'MemberLeft':
      await sql.run(`UPDATE memberships SET left_version = ? WHERE ${PRESENT}`, [event.version, ...member]);
      break;
    case 'AdminSucceeded':
      await sql.run(`UPDATE memberships SET is_admin = TRUE WHERE ${PRESENT}`, member);
      break;
    case 'RoomClosed':
      await sql.run('UPDATE rooms SET is_open = FALSE WHERE id = ?', [event.stream]);
      break;
    default:
  }
  await sql.run('UPDATE rooms SET version = ? WHERE id = ?', [event.version, event.stream]);
}

async function join(event: RecordedEvent, account: string, isAdmin: boolean, sql: Sql): Promise<void> {
  await sql.run(
    `INSERT INTO memberships (room, joined_version, account, left_version, joined_at, is_admin)
     VALUES (?, ?, ?, NULL, ?, ${isAdmin ? 'TRUE' : 'FALSE'})`,
    [event.stream, event.version, account, event.recordedAt],
  );
}
