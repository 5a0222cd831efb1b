// The status of every room operation for every role, over the wire. Blocks do not affect rooms.
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { Tracker } from '../../actors/tracker.js';
import type { CommandTopic } from '../../core/bus/subjects.js';
import type { Json } from '../../core/json.js';
import type { Response } from '../../core/protocol/envelope.js';
import { roomListSchema, roomOperationSchema } from '../../core/protocol/operations.js';
import { isSuccess } from '../../core/protocol/status.js';
import { enter, openTracker, type Terminal } from './deployment.js';

const ROLES = [
  'stranger',
  'invited',
  'member',
  'admin',
  'former admin',
  'removed',
  'banned',
  'blocked',
] as const;
type Role = (typeof ROLES)[number];

/** In the order of the roles, without `blocked`: a blocked member gets the statuses of a member. */
type Statuses = readonly [string, string, string, string, string, string, string];

const everyone = (status: string): Statuses => [status, status, status, status, status, status, status];
const admins = (done: string): Statuses => [
  'NOT_A_MEMBER',
  'NOT_A_MEMBER',
  'NOT_ADMIN',
  done,
  'NOT_ADMIN',
  'NOT_A_MEMBER',
  'BANNED',
];
const QUITS: Statuses = [
  'NOT_A_MEMBER',
  'NOT_A_MEMBER',
  'QUIT_S',
  'QUIT_S',
  'QUIT_S',
  'NOT_A_MEMBER',
  'NOT_A_MEMBER',
];
const LISTED = 'MEMBERS_LISTED_S';
const ALREADY = 'ALREADY_MEMBER';

type Operation = z.infer<typeof roomOperationSchema>['operation'];
type Table = Readonly<Record<Operation, Statuses>>;

const common = {
  CREATE: everyone('ROOM_NAME_TAKEN'),
  QUIT: QUITS,
  REMOVE: admins('MEMBER_REMOVED_S'),
  BAN: admins('MEMBER_BANNED_S'),
  UNBAN: admins('MEMBER_UNBANNED_S'),
  INVITE: admins('MEMBER_INVITED_S'),
  PROMOTE: admins('ADMIN_PROMOTED_S'),
  DEMOTE: admins('ADMIN_DEMOTED_S'),
  SUCCESSOR: admins('SUCCESSOR_NAMED_S'),
  TOPIC: admins('TOPIC_CHANGED_S'),
};

const AS: Readonly<Record<Role, number>> = {
  stranger: 0,
  invited: 1,
  member: 2,
  admin: 3,
  'former admin': 4,
  removed: 5,
  banned: 6,
  blocked: 2,
};

const LOGGED: Statuses = [
  'NOT_A_MEMBER',
  'NOT_A_MEMBER',
  'LOG_LISTED_S',
  'LOG_LISTED_S',
  'LOG_LISTED_S',
  'NOT_A_MEMBER',
  'BANNED',
];

/** The expected phrase of each answer; for a refused `CREATE` or `JOIN` its reason, and for `SEE` whether the room is listed. */
const TABLES: Readonly<Record<'public' | 'private', Table>> = {
  public: {
    ...common,
    JOIN: ['JOIN_S', 'JOIN_S', ALREADY, ALREADY, ALREADY, 'JOIN_S', 'BANNED'],
    MEMBERS: [LISTED, LISTED, LISTED, LISTED, LISTED, LISTED, 'BANNED'],
    LOG: LOGGED,
    SEE: everyone('listed'),
  },
  private: {
    ...common,
    JOIN: ['NOT_INVITED', 'JOIN_S', ALREADY, ALREADY, ALREADY, 'NOT_INVITED', 'BANNED'],
    MEMBERS: ['NOT_A_MEMBER', 'NOT_A_MEMBER', LISTED, LISTED, LISTED, 'NOT_A_MEMBER', 'BANNED'],
    LOG: LOGGED,
    SEE: ['hidden', 'listed', 'listed', 'listed', 'listed', 'hidden', 'hidden'],
  },
};

/** The admin, the target of the operation, and the account that sends it. */
interface Cast {
  readonly boss: Terminal;
  readonly other: Terminal;
  readonly asker: Terminal;
}

const nameOf = ({ grant }: Terminal): string => grant.username;

async function must(terminal: Terminal, data: Json, topic: CommandTopic = 'chatroom'): Promise<void> {
  const { status, phrase } = await terminal.command(topic, data);
  if (!isSuccess(status)) throw new Error(`${JSON.stringify(data)} was answered ${phrase}`);
}

/** Gives the asker a role in a room that the boss leads. */
async function cast({ boss, asker }: Cast, role: Role, name: string): Promise<void> {
  const about = (operation: string) => must(boss, { operation, name, username: nameOf(asker) });
  const comes = async () => {
    await about('INVITE');
    await must(asker, { operation: 'JOIN', name });
  };
  // The boss and the asker block each other.
  const block = async () => {
    await must(boss, { operation: 'BLOCK', username: nameOf(asker) }, 'people');
    await must(asker, { operation: 'BLOCK', username: nameOf(boss) }, 'people');
  };
  switch (role) {
    case 'stranger':
      return;
    case 'blocked':
      await comes();
      return block();
    case 'invited':
      return about('INVITE');
    case 'member':
      return comes();
    case 'admin':
      await comes();
      return about('PROMOTE');
    case 'former admin':
      await comes();
      await about('PROMOTE');
      return must(asker, { operation: 'DEMOTE', name, username: nameOf(asker) });
    case 'removed':
      await comes();
      return about('REMOVE');
    case 'banned':
      await comes();
      return about('BAN');
  }
}

/** Prepares the room so that an admin could carry out the operation, and returns the request. */
async function stage({ boss, other }: Cast, operation: Operation, name: string): Promise<Json> {
  const username = nameOf(operation === 'DEMOTE' ? boss : other);
  if (operation !== 'INVITE') {
    await must(boss, { operation: 'INVITE', name, username: nameOf(other) });
    await must(other, { operation: 'JOIN', name });
  }
  if (operation === 'UNBAN') await must(boss, { operation: 'BAN', name, username });
  switch (operation) {
    case 'SEE':
      return { operation };
    case 'CREATE':
    case 'JOIN':
    case 'QUIT':
    case 'MEMBERS':
      return { operation, name };
    case 'LOG':
      return { operation, name, size: 1 };
    case 'TOPIC':
      return { operation, name, topic: 'weather' };
    case 'REMOVE':
    case 'BAN':
    case 'UNBAN':
    case 'INVITE':
    case 'PROMOTE':
    case 'DEMOTE':
    case 'SUCCESSOR':
      return { operation, name, username };
  }
}

const withReason = z.object({ reason: z.string() });

function statusOf(operation: Operation, name: string, { status, phrase, data }: Response): string {
  if (operation === 'SEE') {
    const rooms = phrase === 'ROOM_LISTED_S' ? roomListSchema.parse(data).rooms : [];
    return rooms.some((room) => room.name === name) ? 'listed' : 'hidden';
  }
  const isEntry = phrase === 'CREATION_FAILURE' || phrase === 'JOIN_FAILURE';
  const said = isEntry ? withReason.parse(data).reason : phrase;
  return isSuccess(status) === said.endsWith('_S') && [200, 201].includes(status)
    ? said
    : `${status} ${said}`;
}

async function castOf(t: ExecutionContext, tracker: Tracker, suffix: string): Promise<Cast> {
  const [boss, other, asker] = await Promise.all(
    ['boss', 'tom', 'ask'].map((who) => enter(t, tracker, `${who}-${suffix}`)),
  );
  if (!boss || !other || !asker) throw new Error('somebody is missing');
  return { boss, other, asker };
}

const operations = roomOperationSchema.options.map(({ shape }) => shape.operation.value);

/** The status of each operation for one role, each in its own room. */
async function asked(people: Cast, role: Role, visibility: 'public' | 'private') {
  const statuses = new Map<Operation, string>();
  for (const operation of operations) {
    const name = `${nameOf(people.boss)}-${operation}`;
    await must(people.boss, { operation: 'CREATE', name, isPrivate: visibility === 'private' });
    await cast(people, role, name);
    const request = await stage(people, operation, name);
    statuses.set(operation, statusOf(operation, name, await people.asker.command('chatroom', request)));
  }
  return statuses;
}

for (const visibility of ['public', 'private'] as const) {
  test(`rooms: given a ${visibility} room, then every role gets the status in the table for every operation`, async (t) => {
    t.timeout(180_000);
    const tracker = await openTracker(t);
    const playing: Promise<ReadonlyMap<Operation, string>>[] = [];
    // One cast at a time, because password hashing is slow.
    for (const [index, role] of ROLES.entries()) {
      playing.push(asked(await castOf(t, tracker, String(index)), role, visibility));
    }
    const all = await Promise.all(playing);
    for (const operation of operations) {
      const actual = all.map((statuses) => statuses.get(operation) ?? 'nothing');
      const expected = ROLES.map((role) => TABLES[visibility][operation][AS[role]]);
      t.deepEqual(actual, expected, operation);
    }
  });
}
