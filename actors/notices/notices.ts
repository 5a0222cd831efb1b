// The notices of events: their contents and their recipients.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import { type AccountId, accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import { ruleOf } from '../../core/protocol/rules.js';
import { type Signed, signStatement } from '../../core/protocol/signed/signed.js';
import {
  type Notice,
  type NoticeType,
  noticeTypeSchema,
  type Person,
} from '../../core/protocol/signed/statements.js';
import type { Presence } from '../presence/presence.js';
import { isByOperator } from '../operator.js';
import type { Directory } from '../projections/directory.js';

const aboutAccount = z.object({ account: accountIdSchema });
/** Null if the tracker acted. */
const actorSchema = accountIdSchema.nullable();

/** Events without an actor: they follow from a rule. A room that the operator closed is an exception. */
const CONSEQUENCES: ReadonlySet<NoticeType> = new Set([
  'AdminSucceeded',
  'RoomUnattended',
  'RoomAttended',
  'RoomClosed',
]);

const personalSchema = z.object({
  reason: z.string().optional(),
  topic: z.string().optional(),
  formerly: z.string().optional(),
});
const payloadSchema = z.object({
  because: z.string().optional(),
  device: deviceIdSchema.optional(),
  deadline: z.int().nullish(),
});

/** The cause of a `RoomClosed` that no rule caused. */
const CLOSED_BY_OPERATOR = 'operator';

/** The fields that only some events have. Redacted fields are absent. */
function detailsOf({ type, payload, personal }: RecordedEvent) {
  const { reason = '', topic, formerly } = personalSchema.parse(personal ?? {});
  const { because = '', device, deadline } = payloadSchema.parse(payload);
  return {
    reason: reason || ruleOf(type, because),
    ...(topic === undefined ? {} : { topic }),
    ...(formerly === undefined ? {} : { formerly }),
    ...(device === undefined ? {} : { device }),
    ...(typeof deadline === 'number' ? { deadline } : {}),
  };
}

/** Whether the event has a notice. */
export const isNoticeable = ({ type }: RecordedEvent): boolean => noticeTypeSchema.safeParse(type).success;

/** The names that notices contain besides the data of their events. */
export interface Names {
  readonly rooms: ReadonlyMap<ConversationId, string>;
  readonly people: ReadonlyMap<AccountId, Person>;
}

/** The names that the notices of `events` need. */
export async function namesFor(directory: Directory, events: readonly RecordedEvent[]): Promise<Names> {
  const rooms = events.flatMap((event) => conversationOf(event) ?? []);
  const accounts = events.flatMap((event) => [subjectOf(event), actorOf(event) ?? subjectOf(event)]);
  return {
    rooms: await directory.roomNames([...new Set(rooms)]),
    people: await directory.people([...new Set(accounts)]),
  };
}

/** The signed notice of an event; null if the event has no notice. */
export function signedNotice(
  signing: SigningKey,
  event: RecordedEvent,
  { rooms, people }: Names,
): Signed | null {
  const type = noticeTypeSchema.safeParse(event.type);
  if (!type.success) return null;
  const conversation = conversationOf(event);
  const name = conversation && rooms.get(conversation);
  const isRule =
    CONSEQUENCES.has(type.data) && payloadSchema.parse(event.payload).because !== CLOSED_BY_OPERATOR;
  const actor = isRule ? null : actorOf(event);
  const notice = {
    v: 1,
    stream: event.stream,
    version: event.version,
    type: type.data,
    room: conversation === null || name === undefined || name === null ? null : { conversation, name },
    subject: personOf(people, subjectOf(event)),
    by: actor === null ? null : personOf(people, actor),
    ...(!isRule && isByOperator(event.metadata) ? { isByOperator: true } : {}),
    ...detailsOf(event),
    at: event.recordedAt,
  } as const satisfies Notice;
  return signStatement(signing, 'notice', notice);
}

/**
 * The recipients of each event: the account it is about, and for a room event the members at that version. Everyone online
 * receives a new username, because the tracker does not know who is in a private conversation. Accounts that are offline get it
 * in the next roster or introduction.
 */
export async function audiencesOf(
  directory: Directory,
  presence: Pick<Presence, 'accounts'>,
  events: readonly RecordedEvent[],
): Promise<readonly ReadonlySet<AccountId>[]> {
  const rooms = events.flatMap((event, index) => {
    const room = conversationOf(event);
    return room === null ? [] : [{ room, version: event.version, index }];
  });
  const audiences = events.map(
    (event) => new Set([subjectOf(event), ...(event.type === 'UsernameChanged' ? presence.accounts() : [])]),
  );
  for (const [place, members] of (await directory.membersAt(rooms)).entries()) {
    const audience = audiences[rooms[place]?.index ?? -1];
    for (const member of members) audience?.add(member);
  }
  return audiences;
}

const conversationOf = ({ stream }: RecordedEvent): ConversationId | null =>
  conversationIdSchema.safeParse(stream).data ?? null;

/** The account an event is about. */
export const subjectOf = (event: RecordedEvent): AccountId => aboutAccount.parse(event.payload).account;

const actorOf = ({ metadata }: RecordedEvent): AccountId | null => actorSchema.parse(metadata.account);

function personOf(people: ReadonlyMap<AccountId, Person>, account: AccountId): Person {
  return people.get(account) ?? { account, username: '' };
}
