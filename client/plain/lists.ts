// The data of an outcome as rows to be read: cells that speak for themselves, without headings.
import { z } from 'zod';
import type { Json } from '../../core/json.js';
import { timeOf } from './time.js';

type Rows = readonly (readonly string[])[];

const peopleSchema = z
  .object({
    people: z.array(
      z.object({
        username: z.string(),
        state: z.string(),
        you: z.boolean(),
        rooms: z.array(z.string()),
        link: z.string().nullable(),
        blocked: z.boolean(),
      }),
    ),
  })
  .transform(
    ({ people }): Rows =>
      people.map(({ username, state, you, rooms, link, blocked }) => [
        username,
        state === 'dnd' ? 'do not disturb' : state,
        you ? 'you' : blocked ? 'blocked' : link === null ? 'no link' : `link over ${link}`,
        rooms.length === 0 ? '' : `in ${rooms.join(', ')}`,
      ]),
  );

const blocksSchema = z
  .object({ blocks: z.array(z.object({ username: z.string() })) })
  .transform(({ blocks }): Rows => blocks.map(({ username }) => [username]));

const roomsSchema = z
  .object({
    rooms: z.array(
      z.object({
        name: z.string(),
        members: z.number(),
        topic: z.string(),
        private: z.boolean(),
        joined: z.boolean(),
      }),
    ),
  })
  .transform(
    ({ rooms }): Rows =>
      rooms.map((room) => [
        `#${room.name}`,
        counted(room.members, 'member'),
        [room.joined ? 'joined' : '', room.private ? 'private' : ''].filter((word) => word !== '').join(' '),
        room.topic,
      ]),
  );

const membersSchema = z
  .object({
    members: z.array(
      z.object({ username: z.string(), admin: z.boolean(), joined: z.string(), online: z.boolean() }),
    ),
    next: z.string().nullish(),
  })
  .transform(({ members, next }): Rows => {
    const rows = members.map(({ username, admin, joined, online }) => [
      username,
      online ? 'online' : 'offline',
      `since ${localTime(joined)}`,
      admin ? 'admin' : username === next ? 'would lead next' : '',
    ]);
    return rows;
  });

const linksSchema = z
  .object({
    links: z.array(
      z.object({
        peer: z.string(),
        link: z.string().nullable(),
        reason: z.string(),
        rttMs: z.number().nullish(),
        queued: z.number(),
      }),
    ),
  })
  .transform(
    ({ links }): Rows =>
      links.map(({ peer, link, reason, rttMs, queued }) => [
        peer,
        link ?? 'no link',
        typeof rttMs === 'number' ? `${Number(rttMs.toFixed(1))} ms` : '',
        `${queued} waiting`,
        reason,
      ]),
  );

const devicesSchema = z
  .object({
    devices: z.array(
      z.object({
        number: z.number(),
        name: z.string(),
        enrolled: z.string(),
        seen: z.string().nullable(),
        current: z.boolean(),
        online: z.boolean(),
      }),
    ),
  })
  .transform(
    ({ devices }): Rows =>
      devices.map(({ number, name, enrolled, seen, current, online }) => [
        String(number),
        name,
        current ? 'this terminal' : online ? 'online' : lastSeen(seen),
        `logged in ${localTime(enrolled)}`,
      ]),
  );

const lastSeen = (seen: string | null): string =>
  seen === null ? 'never seen' : `last seen ${localTime(seen)}`;

const commandsSchema = z
  .object({ commands: z.array(z.object({ usage: z.string(), summary: z.string() })) })
  .transform(({ commands }): Rows => commands.map(({ usage, summary }) => [usage, summary]));

const unreadSchema = z
  .object({
    conversations: z.array(
      z.object({
        conversation: z.string(),
        unread: z.number(),
        mentions: z.number(),
        muted: z.string().nullable(),
      }),
    ),
  })
  .transform(
    ({ conversations }): Rows =>
      conversations.map(({ conversation, unread, mentions, muted }) => [
        conversation,
        unread === 0 ? 'nothing new' : `${unread} new`,
        mentions === 0 ? '' : counted(mentions, 'mention'),
        muted === null ? '' : mutedWord(muted),
      ]),
  );

const mutesSchema = z
  .object({
    mutes: z.array(
      z.object({
        conversation: z.string(),
        user: z.string().nullable(),
        level: z.string(),
        until: z.string().nullable(),
      }),
    ),
  })
  .transform(
    ({ mutes }): Rows =>
      mutes.map(({ conversation, user, level, until }) => [
        user === null ? conversation : `${user} in ${conversation}`,
        mutedWord(level),
        until === null ? 'for good' : `until ${localTime(until)}`,
      ]),
  );

const mutedWord = (level: string): string => (level === 'mentions' ? 'muted but for mentions' : 'muted');

const listSchema = z.union([
  peopleSchema,
  blocksSchema,
  roomsSchema,
  membersSchema,
  linksSchema,
  devicesSchema,
  commandsSchema,
  unreadSchema,
  mutesSchema,
]);

/** None for data that is no list: the outcome's sentence says it. */
export function rowsOf(data: Json | undefined): Rows {
  const list = listSchema.safeParse(data);
  return list.success ? list.data : [];
}

/** `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function localTime(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : timeOf(at, 0);
}
