// What a user can do with rooms by asking the tracker: create, join, leave, list them and their members.
import type { Json } from '../../core/json.js';
import { explain, type Response } from '../../core/protocol/envelope.js';
import { roomNameSchema } from '../../core/protocol/names.js';
import {
  enteredSchema,
  memberListSchema,
  quitSchema,
  roomListSchema,
} from '../../core/protocol/operations.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { Room } from '../history/port.js';
import type { Session } from '../session/port.js';
import type { Conversations } from './conversations.js';
import type { Outcome } from './events.js';
import type { News } from './news.js';
import { outcome, outcomeOf, refused, unusable } from './outcome.js';
import type { Rooms } from './rooms.js';

export interface RoomActionsParts {
  readonly session: Session;
  readonly rooms: Rooms;
  readonly conversations: Conversations;
  readonly news: News;
}

export interface RoomActions {
  enter(operation: 'CREATE' | 'JOIN', room: string): Promise<Outcome>;
  leave(room: string | null): Promise<Outcome>;
  members(room: string | null): Promise<Outcome>;
  rooms(): Promise<Outcome>;
}

export function createRoomActions({ session, rooms, conversations, news }: RoomActionsParts): RoomActions {
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

  return {
    async enter(operation, written) {
      const named = nameOf(written, operation === 'CREATE' ? '/create ROOM' : '/join ROOM');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ operation, name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const entered = enteredSchema.safeParse(response.data);
      if (!entered.success) return unusable(explain(entered.error));
      const reading = await news.enter(entered.data.roster, operation, named.name);
      if ('refusal' in reading) return unusable(reading.refusal);
      const { conversation } = reading.value;
      conversations.setCurrent(conversation);
      return outcomeOf(response, { conversation: conversations.labelOf(conversation) });
    },
    async leave(written) {
      const named = nameOf(written, '/leave ROOM');
      if ('refusal' in named) return named.refusal;
      const room = joined(named.name);
      const response = await ask({ operation: 'QUIT', name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const quit = quitSchema.safeParse(response.data);
      if (!quit.success) return unusable(explain(quit.error));
      if (room !== undefined) await news.leave(room);
      return outcomeOf(response, { conversation: `#${sanitiseLine(quit.data.name)}` });
    },
    async members(written) {
      const named = nameOf(written, '/members ROOM');
      if ('refusal' in named) return named.refusal;
      const response = await ask({ operation: 'MEMBERS', name: named.name });
      if (!isSuccess(response.status)) return refused(response);
      const list = memberListSchema.safeParse(response.data);
      if (!list.success) return unusable(explain(list.error));
      const members = list.data.members.map(({ username, admin, joined, online }) => {
        return { username: sanitiseLine(username), admin, joined: sanitiseLine(joined), online };
      });
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
  };
}

function refusal(message: string): { readonly refusal: Outcome } {
  return { refusal: outcome(2, 'INVALID_COMMAND', { message }) };
}
