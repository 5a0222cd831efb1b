// `ChatRoom`: creating, joining, leaving and listing rooms.
import type { z } from 'zod';
import { streamOf } from '../../core/actor/aggregate.js';
import type { Outcome } from '../../core/actor/request.js';
import type { EventStore, Receipt } from '../../core/events/store.js';
import type { Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message.js';
import { roomOperationSchema } from '../../core/protocol/operations.js';
import { statusOf } from '../../core/protocol/status.js';
import type { Caller } from '../caller.js';
import type { TrackerHost } from '../host.js';
import { signedRoster } from '../notices/rosters.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import type { RoomRow } from '../projections/tables.js';
import { digestOf, metadataOf, receiptOf, undone } from './commands.js';
import { type Handler, parseData } from './handler.js';

export interface RoomParts {
  readonly host: TrackerHost;
  readonly store: EventStore;
  readonly directory: Directory;
  readonly presence: Presence;
  readonly signing: SigningKey;
  readonly ids: Ids;
}

type RoomAnswer = Answer<2>;
type Change = Extract<z.infer<typeof roomOperationSchema>, { operation: 'CREATE' | 'JOIN' | 'QUIT' }>;

export function createRoomHandler(parts: RoomParts): Handler<2> {
  const { host, store, directory, presence, signing, ids } = parts;

  return async (caller, request) => {
    const parsed = parseData(roomOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const operation = parsed.data;
    switch (operation.operation) {
      case 'CREATE':
        return create(caller, request, operation);
      case 'JOIN':
        return join(caller, request, operation);
      case 'QUIT':
        return quit(caller, request, operation);
      case 'MEMBERS':
        return members(operation.name);
      case 'SEE':
        return see(caller);
    }
  };

  async function create(caller: Caller, request: Request, change: Change): Promise<RoomAnswer> {
    const id = ids.next();
    const conversation = conversationIdSchema.parse(streamOf('room', id));
    const outcome = await host.send({
      kind: 'room',
      id,
      command: { type: 'CreateRoom', ...(await entering(caller)), personal: { name: change.name } },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, change, conversation),
    });
    return entered(outcome, conversation, change);
  }

  async function join(caller: Caller, request: Request, change: Change): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(change.name);
    if (room === null) {
      const before = await doneBefore(caller, request, change);
      return before === null ? failure(change, { phrase: 'ROOM_NOT_FOUND' }) : joined(roomIn(before), change);
    }
    const outcome = await host.send({
      kind: 'room',
      id: idOf(room),
      command: { type: 'JoinRoom', ...(await entering(caller)) },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, change, room.id),
    });
    return entered(outcome, room.id, change);
  }

  async function entering({ account }: Caller) {
    return { account, roomsOfAccount: await directory.roomCountOf(account) };
  }

  async function entered(outcome: Outcome, room: ConversationId, change: Change): Promise<RoomAnswer> {
    if (outcome.kind === 'busy') return undone(2, outcome);
    if (outcome.kind === 'refused') return failure(change, undone(2, outcome));
    return joined(outcome.kind === 'repeated' ? roomIn(outcome) : room, change);
  }

  /** The answer with the roster as it stands now, also to a retry: the receipt only says which room it was. */
  async function joined(room: ConversationId, { operation, name }: Change): Promise<RoomAnswer> {
    const data = { roster: await signedRoster(directory, signing, room) };
    return operation === 'CREATE'
      ? { phrase: 'CREATION_S', message: `You lead #${name} now.`, data }
      : { phrase: 'JOIN_S', message: `You are in #${name} now.`, data };
  }

  async function quit(caller: Caller, request: Request, change: Change): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(change.name);
    if (room === null) {
      const before = await doneBefore(caller, request, change);
      return before === null ? { phrase: 'ROOM_NOT_FOUND' } : hasLeft(roomIn(before), change);
    }
    const outcome = await host.send({
      kind: 'room',
      id: idOf(room),
      command: { type: 'LeaveRoom', account: caller.account },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, change, room.id),
    });
    if (outcome.kind === 'busy' || outcome.kind === 'refused') return undone(2, outcome);
    return hasLeft(outcome.kind === 'repeated' ? roomIn(outcome) : room.id, { ...change, name: room.name });
  }

  /** The receipt of a request whose room is no longer there: perhaps it was this very request that closed it. */
  async function doneBefore(caller: Caller, request: Request, change: Change): Promise<Receipt | null> {
    const before = await store.receipt(caller.device, request.id);
    return before?.digest === digestOf(request, change) ? before : null;
  }

  async function members(name: string): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(name);
    if (room === null) return { phrase: 'ROOM_NOT_FOUND' };
    const rows = await directory.members(room.id);
    const people = await directory.people(rows.map(({ account }) => account));
    const usernameOf = (row: (typeof rows)[number]): string => people.get(row.account)?.username ?? '';
    const next = rows.find(({ isAdmin }) => !isAdmin);
    return {
      phrase: 'MEMBERS_LISTED_S',
      data: {
        members: rows.map((row) => ({
          username: usernameOf(row),
          admin: row.isAdmin,
          joined: new Date(row.joinedAt).toISOString(),
          online: presence.isOnline(row.account),
        })),
        next: next === undefined ? null : usernameOf(next),
      },
    };
  }

  async function see(caller: Caller): Promise<RoomAnswer> {
    const rooms = await directory.openRooms(limits.listingMaxRows);
    if (rooms.length === 0) return { phrase: 'NO_AVAILABLE_CHAT_ROOM' };
    const joined = new Set((await directory.membershipsOf(caller.account)).map(({ room }) => room));
    return {
      phrase: 'ROOM_LISTED_S',
      data: {
        rooms: rooms.map(({ id, name, members, topic }) => ({
          name,
          members,
          topic,
          private: false,
          joined: joined.has(id),
        })),
      },
    };
  }
}

const idOf = (room: RoomRow): string => room.id.slice('room-'.length);

/** The room that the receipt of a command tells of. */
const roomIn = ({ outcome }: Pick<Receipt, 'outcome'>): ConversationId => conversationIdSchema.parse(outcome);

const hasLeft = (conversation: ConversationId, { name }: Change): RoomAnswer => ({
  phrase: 'QUIT_S',
  message: `You have left #${name}.`,
  data: { conversation, name },
});

/** Why a room was not entered: the reason's own phrase goes along for programs, its sentence for people. */
function failure({ operation }: Change, { phrase: reason, message }: RoomAnswer): RoomAnswer {
  const { meaning, remedy } = statusOf(2, reason);
  return {
    phrase: operation === 'CREATE' ? 'CREATION_FAILURE' : 'JOIN_FAILURE',
    message: message ?? `${meaning} ${remedy}`,
    data: { reason },
  };
}
