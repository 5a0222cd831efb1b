// What people are told of an event, and who is told.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import { conversationIdSchema } from '../../core/protocol/message.js';
import { type Signed, signStatement } from '../../core/protocol/signed.js';
import { type Notice, noticeTypeSchema, type Person } from '../../core/protocol/statements.js';
import type { Directory } from '../projections/directory.js';

const aboutAccount = z.object({ account: accountIdSchema });

/** Nobody does these: they follow from the rules when somebody leaves. */
const CONSEQUENCES: ReadonlySet<Notice['type']> = new Set(['AdminSucceeded', 'RoomClosed']);

/** What notices of one stream's events say besides the events themselves. */
export interface Names {
  readonly room: Notice['room'];
  readonly people: ReadonlyMap<AccountId, Person>;
}

/** The names that the notices of `events` need; all of the events are of `stream`. */
export async function namesFor(
  directory: Directory,
  stream: string,
  events: readonly RecordedEvent[],
): Promise<Names> {
  const conversation = conversationIdSchema.safeParse(stream);
  const room = conversation.success ? await directory.room(conversation.data) : null;
  const accounts = events.flatMap((event) => [subjectOf(event), actorOf(event) ?? subjectOf(event)]);
  return {
    room: room && { conversation: room.id, name: room.name },
    people: await directory.people([...new Set(accounts)]),
  };
}

/** The notice of an event under the tracker's signature; null for an event that nobody is told of. */
export function signedNotice(
  signing: SigningKey,
  event: RecordedEvent,
  { room, people }: Names,
): Signed | null {
  const type = noticeTypeSchema.safeParse(event.type);
  if (!type.success) return null;
  const actor = CONSEQUENCES.has(type.data) ? null : actorOf(event);
  const notice = {
    v: 1,
    stream: event.stream,
    version: event.version,
    type: type.data,
    room,
    subject: personOf(people, subjectOf(event)),
    by: actor === null ? null : personOf(people, actor),
    reason: null,
    at: event.recordedAt,
  } as const satisfies Notice;
  return signStatement(signing, 'notice', notice);
}

/** The accounts that are told: the one it is about, and for a room those who were in it at that moment. */
export async function audienceOf(directory: Directory, event: RecordedEvent): Promise<readonly AccountId[]> {
  const subject = subjectOf(event);
  const room = conversationIdSchema.safeParse(event.stream);
  const members = room.success ? await directory.membersAt(room.data, event.version) : [];
  return [...new Set([subject, ...members])];
}

/** The account an event is about. */
export const subjectOf = (event: RecordedEvent): AccountId => aboutAccount.parse(event.payload).account;

const actorOf = ({ metadata }: RecordedEvent): AccountId | null =>
  accountIdSchema.nullable().parse(metadata.account);

function personOf(people: ReadonlyMap<AccountId, Person>, account: AccountId): Person {
  return people.get(account) ?? { account, username: '' };
}
