// What a user can do with rooms by asking the tracker: create, join, leave, list them and their members.
import type { Json } from '../../../core/json.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
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
import type { Outcome } from '../events.js';
import type { TrackerSync } from './tracker-sync.js';
import { outcome, outcomeOf, refused, unusable } from '../outcome.js';
import type { Moderation } from '../port.js';
import type { Rooms } from './rooms.js';

export interface RoomActionsParts {
  readonly session: Session;
  readonly rooms: Rooms;
  readonly conversations: Conversations;
  readonly trackerSync: TrackerSync;
}

export interface RoomActions {
  create(room: string, options?: { readonly isPrivate?: boolean }): Promise<Outcome>;
  join(room: string): Promise<Outcome>;
  leave(room: string | null): Promise<Outcome>;
  members(room: string | null): Promise<Outcome>;
  rooms(): Promise<Outcome>;
  /** What the current room is about. */
  topic(): Outcome;
  /** In the current room. */
  moderate(act: Moderation): Promise<Outcome>;
}

export function createRoomActions({
  session,
  rooms,
  conversations,
  trackerSync,
}: RoomActionsParts): RoomActions {
  /** The name meant by what the user wrote, or by the current conversation; else why there is none. */
  function nameOf(
    written: string | null,
    usage: string,
  ): { readonly name: string } | { readonly refusal: Outcome } {
    const current = conversations.current();
    const label = current === null ? null : conversations.labelOf(current);
    const asked = written ?? label;
    if (asked === null) return refusal(`No room is open. Name one: ${usage}.`);
    if (asked.startsWith('@')) {
      return refusal(
        `${asked} is a private conversation, which has no members to list or leave. Name a room: ${usage}.`,
      );
    }
    const parsed = roomNameSchema.safeParse(asked.replace(/^#/, ''));
    return parsed.success ? { name: parsed.data } : refusal(`${explain(parsed.error)} Use ${usage}.`);
  }

  function ask(operation: Json): Promise<Response> {
    return session.request('ChatRoom', operation);
  }

  function joined(name: string): Room | undefined {
    return session.identity === null ? undefined : rooms.find(name, session.identity.account);
  }

  async function enter(
    operation: 'CREATE' | 'JOIN',
    written: string,
    options: { readonly isPrivate?: boolean },
  ): Promise<Outcome> {
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
    return outcomeOf(response, { conversation: conversations.labelOf(conversation) });
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
      const next = quit.data.next === null ? null : sanitiseLine(quit.data.next);
      return outcomeOf(response, { conversation: `#${sanitiseLine(quit.data.name)}`, next });
    },
    async members(written) {
      const named = nameOf(written, '/members ROOM');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ operation: 'MEMBERS', name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const list = memberListSchema.safeParse(response.data);
      if (!list.success) return unusable(explain(list.error));
      const members = list.data.members.map(({ username, joined, leads, ...rest }) => ({
        ...rest,
        username: sanitiseLine(username),
        joined: sanitiseLine(joined),
        leads: leads && {
          event: sanitiseLine(leads.event),
          because: leads.because,
          by: leads.by === null ? null : sanitiseLine(leads.by),
          since: sanitiseLine(leads.since),
        },
      }));
      const next = list.data.next === null ? null : sanitiseLine(list.data.next);
      return outcomeOf(response, { members, next });
    },
    async rooms() {
      const response = await ask({ operation: 'SEE' });
      if (!isSuccess(response.status)) return refused(response);
      const list = roomListSchema.safeParse(response.data);
      if (!list.success) return unusable(explain(list.error));
      const listed = list.data.rooms.map((room) => {
        return { ...room, name: sanitiseLine(room.name), topic: sanitiseLine(room.topic) };
      });
      return outcomeOf(response, { rooms: listed });
    },
    topic() {
      const named = nameOf(null, '/open #room, then /topic');
      if ('refusal' in named) return named.refusal;
      const topic = sanitiseLine(joined(named.name)?.topic ?? '');
      const message =
        topic === '' ? `#${named.name} has no topic.` : `The topic of #${named.name} is: ${topic}`;
      return outcome(5, 'DONE', { message, data: { conversation: `#${named.name}`, topic } });
    },
    async moderate(act) {
      const named = nameOf(null, '/open #room, then the command');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ ...act, name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const about = act.operation === 'TOPIC' ? { topic: act.topic } : { username: act.username };
      return outcomeOf(response, { conversation: `#${named.name}`, ...about });
    },
  };
}

function refusal(message: string): { readonly refusal: Outcome } {
  return { refusal: outcome(2, 'INVALID_COMMAND', { message }) };
}
