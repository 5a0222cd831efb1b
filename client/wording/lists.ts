// The data of an outcome as rows to be read: cells that speak for themselves, without headings.
import { z } from 'zod';
import type { Json } from '../../core/json.js';
import { timeOf } from '../../core/time/local-time.js';

type Rows = readonly (readonly string[])[];

const peopleSchema = z
  .object({
    people: z.array(
      z.object({
        username: z.string(),
        state: z.string(),
        you: z.boolean().default(false),
        verified: z.boolean().default(false),
        rooms: z.array(z.string()).default([]),
        link: z.string().nullable().default(null),
        blocked: z.boolean().default(false),
      }),
    ),
  })
  .transform(
    ({ people }): Rows =>
      people.map(({ username, state, you, verified, rooms, link, blocked }) => [
        username,
        [state === 'dnd' ? 'do not disturb' : state, ...(verified ? ['verified'] : [])].join(', '),
        you ? 'you' : blocked ? 'blocked' : link === null ? 'no link' : `link over ${link}`,
        rooms.length === 0 ? '' : `in ${rooms.join(', ')}`,
      ]),
  );

const codesSchema = z
  .object({ codes: z.array(z.object({ code: z.string(), linked: z.boolean(), verified: z.boolean() })) })
  .transform(
    ({ codes }): Rows =>
      codes.map(({ code, linked, verified }) => [
        code,
        linked ? 'linked now' : 'not linked',
        verified ? 'verified' : '',
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
      rooms.map((room) => [`#${room.name}`, counted(room.members, 'member'), standing(room), room.topic]),
  );

/** A private room is listed to its members and to whom it has invited. */
function standing({ joined, private: isPrivate }: { joined: boolean; private: boolean }): string {
  if (!isPrivate) return joined ? 'joined' : '';
  return joined ? 'joined, private' : 'private, you are invited';
}

const leadsSchema = z.object({
  event: z.string(),
  because: z.string().nullable(),
  by: z.string().nullable(),
  since: z.string(),
});

const membersSchema = z
  .object({
    members: z.array(
      z.object({
        username: z.string(),
        admin: z.boolean(),
        joined: z.string(),
        online: z.boolean(),
        leads: leadsSchema.nullish(),
      }),
    ),
    next: z.string().nullish(),
  })
  .transform(
    ({ members, next }): Rows =>
      members.map(({ username, admin, joined, online, leads }) => [
        username,
        online ? 'online' : 'offline',
        `since ${localTime(joined)}`,
        [admin ? `admin${whyLeads(leads ?? null)}` : '', username === next ? 'would lead next' : '']
          .filter((words) => words !== '')
          .join(', '),
      ]),
  );

/** Why somebody is an admin: what they did, who made them one, or which rule. */
function whyLeads(leads: z.infer<typeof leadsSchema> | null): string {
  if (leads === null) return '';
  const since = ` since ${localTime(leads.since)}`;
  switch (leads.event) {
    case 'RoomCreated':
      return ': created the room';
    case 'AdminPromoted':
      return `${since}: made one by ${leads.by ?? 'the tracker'}`;
    case 'AdminSucceeded':
      return `${since}: ${SUCCESSIONS[leads.because ?? ''] ?? 'next in line'}`;
    default:
      return since;
  }
}

const SUCCESSIONS: Readonly<Record<string, string>> = {
  left: 'the last admin left',
  steppedDown: 'the last admin stepped down',
  absent: 'all admins were away',
};

const linksSchema = z
  .object({
    links: z.array(
      z.object({
        peer: z.string(),
        link: z.string().nullable(),
        choice: z.string().default('auto'),
        verified: z.boolean().default(false),
        reason: z.string(),
        rttMs: z.number().nullish(),
        loss: z.number().nullish(),
        ageMs: z.number().nullish(),
        sentBytes: z.number().nullish(),
        receivedBytes: z.number().nullish(),
        queued: z.number(),
      }),
    ),
  })
  .transform(
    ({ links }): Rows =>
      links.map(({ peer, link, choice, verified, reason, rttMs, loss, ageMs, queued, ...bytes }) => [
        verified ? `${peer} (verified)` : peer,
        choice === 'auto' ? (link ?? 'no link') : `${link ?? 'no link'} (only ${choice})`,
        typeof rttMs === 'number' ? `${Number(rttMs.toFixed(1))} ms` : '',
        link === null ? '' : `loss ${lossWords(loss)}`,
        [`${queued} waiting`, inBytes(bytes.sentBytes, 'out'), inBytes(bytes.receivedBytes, 'in')]
          .filter(Boolean)
          .join(', '),
        typeof ageMs === 'number' ? `for ${ageOf(ageMs)}` : '',
        reason,
      ]),
  );

const AGES = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

function ageOf(ageMs: number): string {
  const [lengthMs, unit] = AGES.find(([length]) => ageMs >= length) ?? [1_000, 's'];
  return `${Math.floor(ageMs / lengthMs)} ${unit}`;
}

function inBytes(bytes: number | null | undefined, way: 'in' | 'out'): string {
  if (typeof bytes !== 'number') return '';
  if (bytes < 1_000) return `${bytes} B ${way}`;
  const [amount, unit] =
    bytes < 1_000_000 ? [Math.round(bytes / 1_000), 'kB'] : [(bytes / 1_000_000).toFixed(1), 'MB'];
  return `${amount} ${unit} ${way}`;
}

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
  .transform(({ commands }): Rows => commands.map(({ usage, summary }) => [`${usage}: ${summary}`]));

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

const messagesSchema = z
  .object({
    messages: z.array(
      z.object({ conversation: z.string(), from: z.string(), text: z.string(), at: z.string() }),
    ),
  })
  .transform(
    ({ messages }): Rows =>
      messages.map(({ conversation, from, text, at }) => [localTime(at), conversation, `<${from}> ${text}`]),
  );

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
  codesSchema,
  messagesSchema,
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

/** `2.2%` for a share of 0.022, `-` where it is not known. */
export function lossWords(loss: number | null | undefined): string {
  return typeof loss === 'number' ? `${Number((loss * 100).toFixed(1))}%` : '-';
}
