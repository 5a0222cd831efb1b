// The projection of room events into the tables of rooms, memberships, bans and invitations.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Projection } from '../../core/events/derived/projector.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { insertInto } from '../../core/events/sql/table.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import { foldName } from '../../core/protocol/names.js';
import { bans, invitations, memberships, rooms } from './tables.js';

const ofAccount = z.object({ account: accountIdSchema });
/** Version 1 has no `isPrivate`: every room was public. */
const ofCreation = z.object({ isPrivate: z.boolean().default(false) });
const ofAbsence = z.object({ deadline: z.int().nullable() });
const named = z.object({ name: z.string() });
const withTopic = z.object({ topic: z.string() });

/** Replaces a redacted name. The folded name is then the room's id, so that no request can name the room. */
export const REDACTED_ROOM = 'redacted';
const PRESENT = 'room = ? AND account = ? AND left_version IS NULL';
const LEAVE = `UPDATE memberships SET left_version = ? WHERE ${PRESENT}`;
const END_ALL = 'UPDATE memberships SET left_version = ? WHERE room = ? AND left_version IS NULL';
const PROMOTE = `UPDATE memberships SET is_admin = TRUE, admin_version = ? WHERE ${PRESENT}`;
const DEMOTE = `UPDATE memberships SET is_admin = FALSE, admin_version = NULL WHERE ${PRESENT}`;

export const roomProjection: Projection = { name: 'rooms', apply };

async function apply(event: RecordedEvent, sql: Sql): Promise<void> {
  if (!event.stream.startsWith('room-')) return;
  const { stream, version } = event;
  const { account } = ofAccount.parse(event.payload);
  const room = conversationIdSchema.parse(stream);
  const member = [stream, account] as const;
  switch (event.type) {
    case 'RoomCreated': {
      const name = event.personal === null ? null : named.parse(event.personal).name;
      await sql.run(
        ...insertInto(rooms, {
          id: room,
          name: name ?? REDACTED_ROOM,
          folded: name === null ? stream : foldName(name),
          topic: '',
          version,
          isOpen: true,
          isPrivate: ofCreation.parse(event.payload).isPrivate,
          successor: null,
          isAttended: true,
          deadline: null,
        }),
      );
      await join(event, room, account, sql);
      await promote(event, member, sql);
      return;
    }
    case 'MemberJoined':
      await join(event, room, account, sql);
      await sql.run('DELETE FROM invitations WHERE room = ? AND account = ?', member);
      break;
    case 'MemberLeft':
    case 'MemberRemoved':
      await leave(event, member, sql);
      break;
    case 'MemberBanned':
      await leave(event, member, sql);
      await sql.run(...insertInto(bans, { room, account, bannedAt: event.recordedAt }));
      break;
    case 'MemberUnbanned':
      await sql.run('DELETE FROM bans WHERE room = ? AND account = ?', member);
      break;
    case 'MemberInvited':
      await sql.run(...insertInto(invitations, { room, account, version }));
      break;
    case 'AdminPromoted':
    case 'AdminSucceeded':
      await promote(event, member, sql);
      break;
    case 'AdminDemoted':
      await sql.run(DEMOTE, member);
      break;
    case 'SuccessorNamed':
      await sql.run('UPDATE rooms SET successor = ? WHERE id = ?', [account, stream]);
      break;
    case 'TopicChanged': {
      const topic = event.personal === null ? '' : withTopic.parse(event.personal).topic;
      await sql.run('UPDATE rooms SET topic = ? WHERE id = ?', [topic, stream]);
      break;
    }
    case 'RoomUnattended': {
      const { deadline } = ofAbsence.parse(event.payload);
      await sql.run('UPDATE rooms SET is_attended = FALSE, deadline = ? WHERE id = ?', [deadline, stream]);
      break;
    }
    case 'RoomAttended':
      await sql.run('UPDATE rooms SET is_attended = TRUE, deadline = NULL WHERE id = ?', [stream]);
      break;
    case 'RoomClosed':
      await sql.run('UPDATE rooms SET is_open = FALSE, successor = NULL WHERE id = ?', [stream]);
      // The members of a room that the operator closed.
      await sql.run(END_ALL, [version, stream]);
      await sql.run('DELETE FROM bans WHERE room = ?', [stream]);
      await sql.run('DELETE FROM invitations WHERE room = ?', [stream]);
      break;
    default:
  }
  // An account that left or became admin is no longer the named successor.
  const isOver = SUCCESSION_ENDS.has(event.type);
  await sql.run(
    isOver
      ? 'UPDATE rooms SET version = ?, successor = CASE WHEN successor = ? THEN NULL ELSE successor END WHERE id = ?'
      : 'UPDATE rooms SET version = ? WHERE id = ?',
    isOver ? [version, account, stream] : [version, stream],
  );
}

/** The events that end their account's role as named successor. */
const SUCCESSION_ENDS: ReadonlySet<string> = new Set([
  'MemberLeft',
  'MemberRemoved',
  'MemberBanned',
  'AdminPromoted',
  'AdminSucceeded',
]);

type Member = readonly [room: string, account: string];

async function join(event: RecordedEvent, room: ConversationId, account: AccountId, sql: Sql): Promise<void> {
  await sql.run(
    ...insertInto(memberships, {
      room,
      joinedVersion: event.version,
      account,
      leftVersion: null,
      joinedAt: event.recordedAt,
      isAdmin: false,
      adminVersion: null,
    }),
  );
}

async function leave(event: RecordedEvent, member: Member, sql: Sql): Promise<void> {
  await sql.run(LEAVE, [event.version, ...member]);
}

async function promote(event: RecordedEvent, member: Member, sql: Sql): Promise<void> {
  await sql.run(PROMOTE, [event.version, ...member]);
}
