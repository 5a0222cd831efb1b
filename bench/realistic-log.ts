// A tracker's home with a log of realistic rooms, for measurements: a few rooms with most of the traffic and many small ones,
// with promotions, removals, bans, successions and renames over a year. The machines decide every event. The same seed gives the
// same log.
import { createHash } from 'node:crypto';
import Libsql from 'libsql';
import { accountAggregate } from '../actors/account/aggregate.js';
import type { AccountCommand } from '../actors/account/commands.js';
import type { AccountEvent } from '../actors/account/events.js';
import { roomAggregate } from '../actors/room/aggregate.js';
import type { RoomCommand } from '../actors/room/commands.js';
import type { RoomContext } from '../actors/room/context.js';
import type { RoomEvent } from '../actors/room/events.js';
import { decide, initial } from '../core/actor/machine.js';
import { GENESIS, type Head, headText, sealEvent } from '../core/events/chain.js';
import { openKeyring } from '../core/bus/credentials/keyring.js';
import { publicNKey } from '../core/bus/credentials/nkey.js';
import { type AccountId, accountIdSchema, deviceIdSchema } from '../core/ids.js';
import type { JsonObject } from '../core/json.js';
import { openLog } from './log.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const START = Date.UTC(2026, 0, 1);
const YEAR_MS = 365 * 86_400_000;
const EVENTS_PER_ACCOUNT = 60;
const EVENTS_PER_ROOM = 500;
const DAY_MS = 86_400_000;

type Written = RoomEvent | AccountEvent;
type Columns = (string | number | null)[];

interface Subject<State> {
  readonly stream: string;
  state: State;
  version: number;
}

interface Person extends Subject<ReturnType<typeof newAccount>> {
  readonly id: AccountId;
  readonly number: number;
  name: string;
}

const newAccount = (id: string) => initial(accountAggregate, id);
const newRoom = (id: string) => initial(roomAggregate, id);
const schemaVersions: Readonly<Record<Written['type'], number>> = {
  ...roomAggregate.events,
  ...accountAggregate.events,
};

/** Fills a new home with `count` events. The derived tables stay empty: rebuild them. */
export async function fillRealisticLog(home: string, count: number, seed: number): Promise<void> {
  const { database, file } = { ...(await openLog(home)), file: `${home}/tracker.db` };
  await database.close();
  const { signing } = await openKeyring(home);
  const connection = new Libsql(file);
  connection.pragma('synchronous = OFF');
  const insert = connection.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const head = { now: GENESIS };
  connection.transaction(() => {
    for (const row of rowsOf(count, seed, head)) insert.run(row);
    const signature = signing.sign(headText(head.now)).toString('base64url');
    connection
      .prepare('UPDATE log_head SET position = ?, hash = ?, signature = ? WHERE id = 1')
      .run([head.now.position, head.now.hash, signature]);
  })();
  connection.close();
}

function* rowsOf(count: number, seed: number, head: { now: Head }): Generator<Columns, void> {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const idOf = (): string =>
    Array.from({ length: 26 }, (_, place) => CROCKFORD[below(place === 0 ? 8 : 32)]).join('');
  const people: Person[] = [];
  const rooms: Subject<ReturnType<typeof newRoom>>[] = [];
  const accounts = Math.max(20, Math.floor(count / EVENTS_PER_ACCOUNT));
  const roomCount = Math.max(5, Math.floor(count / EVENTS_PER_ROOM));
  const written = (): number => head.now.position;

  function* record(
    { stream, version }: Pick<Subject<unknown>, 'stream' | 'version'>,
    account: string | null,
    command: AccountCommand | RoomCommand,
    events: readonly Written[],
  ): Generator<Columns, void> {
    const commandId = idOf();
    const { personal: _, ...kept }: { readonly type: string; readonly personal?: unknown } = command;
    const metadata = {
      account,
      device: null,
      command: kept,
      commandId,
      correlationId: commandId,
      causationId: null,
      traceparent: null,
    };
    const recordedAt = now() + below(500);
    for (const [index, event] of events.entries()) {
      const {
        type,
        personal = null,
        ...payload
      }: { type: Written['type']; personal?: JsonObject | null } = event;
      const newSalt = (): string => String(written()).padStart(22, '0');
      const place = { stream, version: version + index + 1, recordedAt, newSalt };
      const schemaVersion = schemaVersions[type];
      const row = sealEvent(head.now, place, { type, schemaVersion, payload, personal, metadata });
      head.now = { position: row.position, hash: row.hash };
      const { position, salt, personalDigest, hash } = row;
      yield [
        position,
        stream,
        row.version,
        type,
        schemaVersion,
        row.payload,
        row.personal,
        salt,
        personalDigest,
        row.metadata,
        recordedAt,
        hash,
      ];
    }
  }

  function* toAccount(person: Person, command: AccountCommand): Generator<Columns, void> {
    const decision = decide(accountAggregate, person.state, command);
    if (decision.kind !== 'recorded') return;
    yield* record(person, person.id, command, decision.events);
    person.state = decision.next;
    person.version += decision.events.length;
  }

  function* toRoom(
    room: Subject<ReturnType<typeof newRoom>>,
    command: RoomCommand,
  ): Generator<Columns, void> {
    const decision = decide(roomAggregate, room.state, command);
    if (decision.kind !== 'recorded') return;
    yield* record(room, 'account' in command ? command.account : null, command, decision.events);
    room.state = decision.next;
    room.version += decision.events.length;
  }

  const now = (): number => START + Math.floor((written() / count) * YEAR_MS);
  const deviceOf = () =>
    deviceIdSchema.parse(publicNKey('user', createHash('sha256').update(idOf()).digest()));
  while (written() < count) {
    // People arrive over the whole year.
    if (people.length < 12 || people.length < accounts * (written() / count)) {
      const id = accountIdSchema.parse(idOf());
      const number = people.length;
      const person = {
        id,
        number,
        name: `user-${number}`,
        stream: `account-${id}`,
        state: newAccount(id),
        version: 0,
      };
      people.push(person);
      const personal = { username: person.name, deviceName: 'desk' };
      yield* toAccount(person, { type: 'RegisterAccount', account: id, device: deviceOf(), personal });
      continue;
    }
    const person = people[below(people.length)];
    if (person === undefined) continue;
    if (random() < 0.02) {
      const at = now();
      const name = `user-${person.number}-${Math.floor(at / DAY_MS)}`;
      const personal = { username: name, formerly: person.name };
      const command: AccountCommand =
        random() < 0.5
          ? { type: 'EnrolDevice', account: person.id, device: deviceOf(), personal: { deviceName: 'phone' } }
          : { type: 'RenameAccount', account: person.id, at, personal };
      const before = person.version;
      yield* toAccount(person, command);
      if (command.type === 'RenameAccount' && person.version > before) person.name = name;
      continue;
    }
    // The first room has the most traffic; the tenth room has a tenth of that.
    const place = Math.floor(roomCount ** random()) - 1;
    const known = rooms[place];
    if (known === undefined || known.state.matches('closed')) {
      const id = idOf();
      const room = { stream: `room-${id}`, state: newRoom(id), version: 0 };
      rooms[known === undefined ? rooms.length : place] = room;
      const personal = { name: `room-${written()}` };
      const isPrivate = random() < 0.2;
      yield* toRoom(room, { type: 'CreateRoom', account: person.id, roomsOfAccount: 1, isPrivate, personal });
      continue;
    }
    yield* toRoom(known, nextCommand(known.state.context, person.id));
  }

  function pick<T>(list: readonly T[]): T | null {
    return list[below(list.length)] ?? null;
  }

  function nextCommand(
    { members, admins, banned, successor }: RoomContext,
    stranger: AccountId,
  ): RoomCommand {
    const [admin, member] = [pick(admins) ?? stranger, pick(members) ?? stranger];
    const odds = random() * 100;
    // These odds keep a room at about forty members.
    if (odds < 45 - members.length / 8) return { type: 'JoinRoom', account: stranger, roomsOfAccount: 3 };
    if (odds < 80) return { type: 'LeaveRoom', account: member };
    if (odds < 84)
      return {
        type: 'ChangeTopic',
        account: admin,
        isSame: false,
        personal: { topic: `topic ${written()}` },
      };
    if (odds < 87) return { type: 'PromoteMember', account: admin, target: member };
    if (odds < 89) return { type: 'DemoteAdmin', account: admin, target: pick(admins) };
    if (odds < 93)
      return { type: 'RemoveMember', account: admin, target: member, personal: { reason: 'spam' } };
    if (odds < 94)
      return { type: 'BanMember', account: admin, target: member, personal: { reason: 'spam again' } };
    if (odds < 95) return { type: 'UnbanMember', account: admin, target: pick(banned) };
    if (odds < 97) return { type: 'InviteMember', account: admin, target: stranger };
    if (odds < 98 || successor !== null) return { type: 'AdminReturned', account: admin };
    if (odds < 99) return { type: 'AdminsAbsent', deadline: null };
    return { type: 'NameSuccessor', account: admin, target: member };
  }
}

/** Numbers from 0 up to but not including 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
