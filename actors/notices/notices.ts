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

/** The notice of an event under the tracker's signature; null for an event that nobody is told of. */
export async function signedNotice(
  directory: Directory,
  signing: SigningKey,
  event: RecordedEvent,
): Promise<Signed | null> {
  const type = noticeTypeSchema.safeParse(event.type);
  if (!type.success) return null;
  const account = subjectOf(event);
  const actor = accountIdSchema.nullable().parse(event.metadata.account);
  const people = await directory.people(actor === null ? [account] : [account, actor]);
  const notice = {
    v: 1,
    stream: event.stream,
    version: event.version,
    type: type.data,
    room: await roomOf(directory, event),
    subject: personOf(people, account),
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

async function roomOf(directory: Directory, event: RecordedEvent): Promise<Notice['room']> {
  const conversation = conversationIdSchema.safeParse(event.stream);
  const room = conversation.success ? await directory.room(conversation.data) : null;
  return room && { conversation: room.id, name: room.name };
}

function personOf(people: ReadonlyMap<AccountId, Person>, account: AccountId): Person {
  return people.get(account) ?? { account, username: '' };
}
