// `ChatRoom`: creating, joining, leaving and listing rooms.
import { COMMAND_ID_REUSED, type Outcome } from '../../core/actor/request.js';
import type { Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message.js';
import { roomOperationSchema } from '../../core/protocol/operations.js';
import { type PhraseOf, phraseIn, statusOf } from '../../core/protocol/status.js';
import { streamOf } from '../../core/actor/aggregate.js';
import type { TrackerHost } from '../host.js';
import type { Caller } from '../caller.js';
import { signedRoster } from '../notices/rosters.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import type { RoomRow } from '../projections/tables.js';
import { metadataOf, receiptOf } from './commands.js';
import { type Handler, parseData } from './handler.js';

export interface RoomParts {
  readonly host: TrackerHost;
  readonly directory: Directory;
  readonly presence: Presence;
  readonly signing: SigningKey;
  readonly ids: Ids;
}

type RoomAnswer = Answer<2>;
type RoomPhrase = PhraseOf<2>;

export function createRoomHandler({ host, directory, presence, signing, ids }: RoomParts): Handler<2> {
  return async (caller, request) => {
    const parsed = parseData(roomOperationSchema, request);
    if ('invalid' in parsed) return parsed.invalid;
    const operation = parsed.data;
    switch (operation.operation) {
      case 'CREATE':
        return create(caller, request, operation.name);
      case 'JOIN':
        return join(caller, request, operation.name);
      case 'QUIT':
        return quit(caller, request, operation.name);
      case 'MEMBERS':
        return members(operation.name);
      case 'SEE':
        return see(caller);
    }
  };

  async function create(caller: Caller, request: Request, name: string): Promise<RoomAnswer> {
    const id = ids.next();
    const conversation = conversationIdSchema.parse(streamOf('room', id));
    const outcome = await host.send({
      kind: 'room',
      id,
      command: { type: 'CreateRoom', ...(await entering(caller)), personal: { name } },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, conversation),
    });
    return entered(outcome, conversation, 'CREATION_S', 'CREATION_FAILURE', `You lead #${name} now.`);
  }

  async function join(caller: Caller, request: Request, name: string): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(name);
    if (room === null) return failure('JOIN_FAILURE', 'ROOM_NOT_FOUND');
    const outcome = await host.send({
      kind: 'room',
      id: idOf(room),
      command: { type: 'JoinRoom', ...(await entering(caller)) },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, room.id),
    });
    return entered(outcome, room.id, 'JOIN_S', 'JOIN_FAILURE', `You are in #${room.name} now.`);
  }

  async function entering({ account }: Caller) {
    return { account, roomsOfAccount: (await directory.membershipsOf(account)).length };
  }

  /** The answer with the roster as it stands now, also to a retry: the receipt only says which room it was. */
  async function entered(
    outcome: Outcome,
    conversation: ConversationId,
    success: 'CREATION_S' | 'JOIN_S',
    failed: 'CREATION_FAILURE' | 'JOIN_FAILURE',
    message: string,
  ): Promise<RoomAnswer> {
    if (outcome.kind === 'busy') return { phrase: 'BUSY', data: { retryAfterMs: outcome.retryAfterMs } };
    if (outcome.kind === 'refused') return failure(failed, reasonOf(outcome));
    const room = outcome.kind === 'repeated' ? conversationIdSchema.parse(outcome.outcome) : conversation;
    const roster = await signedRoster(directory, signing, room);
    return { phrase: success, message, data: { roster } };
  }

  async function quit(caller: Caller, request: Request, name: string): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(name);
    if (room === null) return { phrase: 'ROOM_NOT_FOUND' };
    const outcome = await host.send({
      kind: 'room',
      id: idOf(room),
      command: { type: 'LeaveRoom', account: caller.account },
      metadata: metadataOf(caller, request.id),
      receipt: receiptOf(caller, request, room.id),
    });
    if (outcome.kind === 'busy') return { phrase: 'BUSY', data: { retryAfterMs: outcome.retryAfterMs } };
    if (outcome.kind === 'refused') return { phrase: reasonOf(outcome) };
    const message = `You have left #${room.name}.`;
    return { phrase: 'QUIT_S', message, data: { conversation: room.id, name: room.name } };
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

function reasonOf({ reason }: { readonly reason: string }): RoomPhrase {
  return reason === COMMAND_ID_REUSED ? 'INVALID_COMMAND' : phraseIn(2, reason);
}

function failure(phrase: 'CREATION_FAILURE' | 'JOIN_FAILURE', reason: RoomPhrase): RoomAnswer {
  const { meaning, remedy } = statusOf(2, reason);
  return { phrase, message: `${meaning} ${remedy}`, data: { reason } };
}
