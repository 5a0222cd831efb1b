// The actions on rooms, each a request to the tracker: list, create, join, leave, moderate.
import type { Json } from '../../../core/json.js';
import { explain } from '../../../core/protocol/envelope.js';
import { roomNameSchema } from '../../../core/protocol/names.js';
import {
  enteredSchema,
  memberListSchema,
  quitSchema,
  roomListSchema,
} from '../../../core/protocol/operations.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Room } from '../../history/port.js';
import type { Session } from '../../session/port.js';
import type { Conversations } from '../conversations.js';
import type { TrackerSync } from './tracker-sync.js';
import {
  type Answered,
  granted,
  type Outcome,
  type Refusal,
  refusal,
  refused,
  success,
  unusable,
} from '../outcome.js';
import type { ChatActions } from '../port.js';
import type { OpenedConversation } from '../results.js';
import type { People } from '../people/people.js';
import type { SilentPeople } from '../people/silent-people.js';
import { faultReport } from '../witness/fault.js';
import type { Witness } from '../witness/witness.js';
import type { Rooms } from './rooms.js';

export interface RoomActionsParts {
  readonly session: Session;
  readonly rooms: Rooms;
  readonly conversations: Conversations;
  readonly trackerSync: TrackerSync;
  readonly people: Pick<People, 'find'>;
  readonly silentPeople: Pick<SilentPeople, 'isGone'>;
  readonly witness: Pick<Witness, 'fault'>;
}

export type RoomActions = Pick<
  ChatActions,
  'rooms' | 'create' | 'join' | 'leave' | 'members' | 'topic' | 'setTopic' | 'moderate'
>;

export function createRoomActions(parts: RoomActionsParts): RoomActions {
  const { session, rooms, conversations, trackerSync, people, silentPeople, witness } = parts;

  /** The room name that the user wrote, or that of the current conversation. */
  function nameOf(written: string | null, usage: string): RoomName {
    const current = conversations.current();
    const label = current === null ? null : conversations.labelOf(current);
    const asked = written ?? label;
    if (asked === null) return misnamed(`No room is open. Name one: ${usage}.`);
    if (asked.startsWith('@')) {
      return misnamed(
        `${asked} is a private conversation, which has no members to list or leave. Name a room: ${usage}.`,
      );
    }
    const parsed = roomNameSchema.safeParse(asked.replace(/^#/, ''));
    return parsed.success ? { name: parsed.data } : misnamed(`${explain(parsed.error)} Use ${usage}.`);
  }

  /** Asks the tracker, unless its history is broken. */
  async function ask(operation: Json): Promise<Answered> {
    const { fault } = witness;
    return fault === null
      ? session.request('ChatRoom', operation)
      : refusal(2, 'HISTORY_BROKEN', faultReport(fault));
  }

  function joined(name: string): Room | undefined {
    return session.identity === null ? undefined : rooms.find(name, session.identity.account);
  }

  async function enter(
    operation: 'CREATE' | 'JOIN',
    written: string,
    options: { readonly isPrivate?: boolean },
  ): Promise<Outcome<OpenedConversation>> {
    const named = nameOf(written, operation === 'CREATE' ? '/create ROOM' : '/join ROOM');
    if ('refusal' in named) return named.refusal;
    const response = await ask({ operation, name: named.name, ...options });
    if (!isSuccess(response.status)) return refused(response);
    const entered = enteredSchema.safeParse(response.data);
    if (!entered.success) return unusable(explain(entered.error));
    const reading = await trackerSync.enter(entered.data.roster, operation, named.name);
    if ('refusal' in reading) return unusable(reading.refusal);
    const { conversation } = reading.value;
    await conversations.setCurrent(conversation);
    return granted(response, { conversation: conversations.labelOf(conversation) });
  }

  function isGone(username: string): boolean {
    const account = people.find(username);
    return account !== undefined && silentPeople.isGone(account);
  }

  return {
    create: (room, options = {}) => enter('CREATE', room, options),
    join: (room) => enter('JOIN', room, {}),
    async leave(written) {
      const named = nameOf(written, '/leave ROOM');
      if ('refusal' in named) return named.refusal;
      const room = joined(named.name);
      const response = await ask({ operation: 'QUIT', name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const quit = quitSchema.safeParse(response.data);
      if (!quit.success) return unusable(explain(quit.error));
      if (room !== undefined) await trackerSync.leave(room);
      const nextLeader = quit.data.next === null ? null : sanitiseLine(quit.data.next);
      return granted(response, { conversation: `#${sanitiseLine(quit.data.name)}`, nextLeader });
    },
    async members(written) {
      const named = nameOf(written, '/members ROOM');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ operation: 'MEMBERS', name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const list = memberListSchema.safeParse(response.data);
      if (!list.success) return unusable(explain(list.error));
      const members = list.data.members.map(({ username, admin, joined, online, leads }) => ({
        username: sanitiseLine(username),
        isAdmin: admin,
        joinedAt: Date.parse(joined),
        isOnline: online && !isGone(username),
        leadership: leads && {
          event: sanitiseLine(leads.event),
          because: leads.because,
          by: leads.by === null ? null : sanitiseLine(leads.by),
          since: Date.parse(leads.since),
        },
      }));
      const nextLeader = list.data.next === null ? null : sanitiseLine(list.data.next);
      return granted(response, { members, nextLeader });
    },
    async rooms() {
      const response = await ask({ operation: 'SEE' });
      if (!isSuccess(response.status)) return refused(response);
      const list = roomListSchema.safeParse(response.data);
      if (!list.success) return unusable(explain(list.error));
      const listed = list.data.rooms.map(({ name, members, topic, private: isPrivate, joined }) => ({
        name: sanitiseLine(name),
        memberCount: members,
        topic: sanitiseLine(topic),
        isPrivate,
        isJoined: joined,
      }));
      return granted(response, { rooms: listed });
    },
    async topic() {
      const named = nameOf(null, '/open #room, then /topic');
      if ('refusal' in named) return named.refusal;
      const topic = sanitiseLine(joined(named.name)?.topic ?? '');
      const message =
        topic === '' ? `#${named.name} has no topic.` : `The topic of #${named.name} is: ${topic}`;
      return success(5, 'DONE', { conversation: `#${named.name}`, topic }, message);
    },
    async setTopic(topic) {
      const named = nameOf(null, '/open #room, then the command');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ operation: 'TOPIC', topic, name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      return granted(response, { conversation: `#${named.name}`, topic });
    },
    async moderate(moderation) {
      const named = nameOf(null, '/open #room, then the command');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ ...moderation, name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      return granted(response, { conversation: `#${named.name}`, username: moderation.username });
    },
  };
}

type RoomName = { readonly name: string } | { readonly refusal: Refusal };

function misnamed(message: string): { readonly refusal: Refusal } {
  return { refusal: refusal(2, 'INVALID_COMMAND', message) };
}
