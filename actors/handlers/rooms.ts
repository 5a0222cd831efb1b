// The handler of `ChatRoom` requests: create, join, leave, list and moderate rooms.
import { streamOf } from '../../core/actor/aggregate.js';
import type { Outcome } from '../../core/actor/request.js';
import type { EventStore, NewReceipt, Receipt } from '../../core/events/store.js';
import type { Ids } from '../../core/ids.js';
import type { SigningKey } from '../../core/keys.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { limits } from '../../core/protocol/limits.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import { type RoomOperation, roomOperationSchema } from '../../core/protocol/operations.js';
import { statusOf } from '../../core/protocol/status.js';
import type { Blocks } from '../contact/blocks.js';
import type { Caller } from '../caller.js';
import type { TrackerHost } from '../host.js';
import { signedRoster } from '../notices/rosters.js';
import type { Presence } from '../presence/presence.js';
import type { Directory } from '../projections/directory.js';
import type { RoomRow } from '../projections/tables.js';
import type { RoomCommand } from '../room/commands.js';
import { digestOf, metadataOf, receiptOf, rejected } from './commands.js';
import { type Handler, parseData } from './handler.js';
import { listMembers } from './members.js';
import { type Moderation, moderationAnswer, moderationCommand, moderationRefusal } from './moderation.js';
import { listRoomLog, type RoomLogParts } from '../witness/room-log.js';
import { readRoomResult, type RoomResult, roomResult } from './room-result.js';

export interface RoomParts extends Pick<RoomLogParts, 'reads' | 'logProofs'> {
  readonly host: TrackerHost;
  readonly store: EventStore;
  readonly directory: Directory;
  readonly presence: Presence;
  readonly blocks: Pick<Blocks, 'blockersOf'>;
  readonly signing: SigningKey;
  readonly ids: Ids;
}

type RoomAnswer = Answer<2>;
/** An operation that makes the caller a member. */
type Entry = Of<'CREATE' | 'JOIN'>;
/** An operation that changes a room. */
type Change = Exclude<RoomOperation, { operation: 'SEE' | 'MEMBERS' | 'LOG' }>;
type Of<O extends RoomOperation['operation']> = Extract<RoomOperation, { operation: O }>;

export function createRoomHandler(parts: RoomParts): Handler<2> {
  const { host, store, directory, signing, ids } = parts;

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
      case 'MEMBERS': {
        const room = await directory.openRoomNamed(operation.name);
        return room === null ? { phrase: 'ROOM_NOT_FOUND' } : listMembers(parts, caller, room);
      }
      case 'LOG': {
        const room = await directory.openRoomNamed(operation.name);
        return room === null ? { phrase: 'ROOM_NOT_FOUND' } : listRoomLog(parts, caller, room, operation);
      }
      case 'SEE':
        return see(caller);
      case 'REMOVE':
      case 'BAN':
      case 'UNBAN':
      case 'INVITE':
      case 'PROMOTE':
      case 'DEMOTE':
      case 'SUCCESSOR':
      case 'TOPIC':
        return moderate(caller, request, operation);
    }
  };

  async function create(caller: Caller, request: Request, change: Of<'CREATE'>): Promise<RoomAnswer> {
    const id = ids.next();
    const conversation = conversationIdSchema.parse(streamOf('room', id));
    const { name, isPrivate = false } = change;
    const outcome = await host.send({
      kind: 'room',
      id,
      command: { type: 'CreateRoom', ...(await entering(caller)), isPrivate, personal: { name } },
      metadata: metadataOf(caller, request.id),
      receipt: receiptFor(caller, request, change, conversation),
    });
    return entered(outcome, conversation, change);
  }

  async function join(caller: Caller, request: Request, change: Of<'JOIN'>): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(change.name);
    if (room === null) {
      const before = await receiptBefore(caller, request, change);
      return before === null
        ? failure(change, { phrase: 'ROOM_NOT_FOUND' })
        : joined(readRoomResult(before).room, change);
    }
    const command: RoomCommand = { type: 'JoinRoom', ...(await entering(caller)) };
    return entered(await ask(caller, request, change, room, command), room.id, change);
  }

  /** Sends a command to an open room. The receipt names the room. */
  function ask(
    caller: Caller,
    request: Request,
    change: Change,
    room: RoomRow,
    command: RoomCommand,
  ): Promise<Outcome> {
    return host.send({
      kind: 'room',
      id: idOf(room),
      command,
      metadata: metadataOf(caller, request.id),
      receipt: receiptFor(caller, request, change, room.id),
    });
  }

  async function entering({ account }: Caller) {
    return { account, roomsOfAccount: await directory.roomCountOf(account) };
  }

  async function entered(outcome: Outcome, room: ConversationId, change: Entry): Promise<RoomAnswer> {
    if (outcome.kind === 'busy') return rejected(2, outcome);
    if (outcome.kind === 'refused') return failure(change, rejected(2, outcome));
    return joined(resultOf(outcome, room).room, change);
  }

  /** The answer with the current roster, also for a retry: the receipt holds only the room. */
  async function joined(room: ConversationId, { operation, name }: Entry): Promise<RoomAnswer> {
    const data = { roster: await signedRoster(directory, signing, room) };
    return operation === 'CREATE'
      ? { phrase: 'CREATION_S', message: `You now lead #${name}.`, data }
      : { phrase: 'JOIN_S', message: `You are now in #${name}.`, data };
  }

  async function quit(caller: Caller, request: Request, change: Of<'QUIT'>): Promise<RoomAnswer> {
    const room = await directory.openRoomNamed(change.name);
    if (room === null) {
      const before = await receiptBefore(caller, request, change);
      return before === null ? { phrase: 'ROOM_NOT_FOUND' } : leftAnswer(readRoomResult(before), change);
    }
    const command: RoomCommand = { type: 'LeaveRoom', account: caller.account };
    const outcome = await ask(caller, request, change, room, command);
    if (outcome.kind === 'busy' || outcome.kind === 'refused') return rejected(2, outcome);
    return leftAnswer(resultOf(outcome, room.id), change, room);
  }

  async function leftAnswer(done: RoomResult, change: Of<'QUIT'>, asked?: RoomRow): Promise<RoomAnswer> {
    const { name, next } = await namesIn(done, change, asked);
    return {
      phrase: 'QUIT_S',
      message: `You have left #${name}.${leadsNow(next)}`,
      data: { conversation: done.room, name, next },
    };
  }

  async function moderate(caller: Caller, request: Request, change: Moderation): Promise<RoomAnswer> {
    const target = 'username' in change ? await directory.accountNamed(change.username) : null;
    const username = target?.username ?? ('username' in change ? change.username : '');
    const room = await directory.openRoomNamed(change.name);
    if (room === null) {
      const before = await receiptBefore(caller, request, change);
      return before === null
        ? { phrase: 'ROOM_NOT_FOUND' }
        : moderatedAnswer(readRoomResult(before), change, username);
    }
    const command = moderationCommand(caller, change, target?.id ?? null, room.topic);
    const outcome = await ask(caller, request, change, room, command);
    if (outcome.kind === 'refused')
      return { ...rejected(2, outcome), ...refusalMessage(change, outcome.reason) };
    if (outcome.kind === 'busy') return rejected(2, outcome);
    return moderatedAnswer(resultOf(outcome, room.id), change, username, room);
  }

  async function moderatedAnswer(
    done: RoomResult,
    change: Moderation,
    username: string,
    asked?: RoomRow,
  ): Promise<RoomAnswer> {
    const { name, next } = await namesIn(done, change, asked);
    const answer = moderationAnswer(change, username, name, done.isUnchanged);
    return { ...answer, message: `${answer.message}${leadsNow(next)}` };
  }

  /** The names for an answer. `asked` is the room of this request. The stored result of a retry may name another room. */
  async function namesIn({ room, leader }: RoomResult, change: Of<'QUIT'> | Moderation, asked?: RoomRow) {
    const person = leader === null ? null : await directory.account(leader);
    const { name } = (asked?.id === room ? asked : await directory.room(room)) ?? change;
    return { name, next: person?.username ?? null };
  }

  /** The receipt of a request whose room is closed. An earlier attempt of the same request may have closed it. */
  async function receiptBefore(caller: Caller, request: Request, change: Change): Promise<Receipt | null> {
    const before = await store.receipt(caller.device, request.id);
    return before?.digest === digestOf(request, change) ? before : null;
  }

  async function see(caller: Caller): Promise<RoomAnswer> {
    const rooms = await directory.roomsFor(caller.account, limits.listingMaxRows);
    if (rooms.length === 0) return { phrase: 'NO_AVAILABLE_CHAT_ROOM' };
    const joined = new Set((await directory.membershipsOf(caller.account)).map(({ room }) => room));
    return {
      phrase: 'ROOM_LISTED_S',
      data: {
        rooms: rooms.map(({ id, name, members, topic, isPrivate }) => ({
          name,
          members,
          topic,
          private: isPrivate,
          joined: joined.has(id),
        })),
      },
    };
  }
}

const idOf = (room: RoomRow): string => room.id.slice('room-'.length);

const receiptFor = (caller: Caller, request: Request, change: Change, room: ConversationId): NewReceipt => ({
  ...receiptOf(caller, request, change, room),
  outcome: (events) => ({ ...roomResult(room, events) }),
});

type AppliedOutcome = Extract<Outcome, { readonly kind: 'done' | 'repeated' }>;

/** The result of a command that was applied now, or of an earlier send of the same request. */
const resultOf = (outcome: AppliedOutcome, room: ConversationId): RoomResult =>
  outcome.kind === 'repeated' ? readRoomResult(outcome) : roomResult(room, outcome.events);

const leadsNow = (leader: string | null): string => (leader === null ? '' : ` ${leader} now leads it.`);

const refusalMessage = (change: Moderation, reason: string): Partial<RoomAnswer> => {
  const message = moderationRefusal(change, reason);
  return message === undefined ? {} : { message };
};

/** The answer to a failed create or join: the reason's phrase for programs, and its message for people. */
function failure({ operation }: Entry, { phrase: reason, message }: RoomAnswer): RoomAnswer {
  const { meaning, remedy } = statusOf(2, reason);
  return {
    phrase: operation === 'CREATE' ? 'CREATION_FAILURE' : 'JOIN_FAILURE',
    message: message ?? `${meaning} ${remedy}`,
    data: { reason },
  };
}
