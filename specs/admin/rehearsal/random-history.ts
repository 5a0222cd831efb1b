// Seeded random histories of a few accounts and rooms, made by the tracker's own host on a store in memory: registrations, renames,
// terminals, rooms under a few names, moderation, absent admins and disabled accounts.
import { createOperatorHost } from '../../../actors/host.js';
import type { AccountCommand } from '../../../actors/account/commands.js';
import { consequenceOf } from '../../../actors/reactors/consequence.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import { isApplicable, type EventMetadata, type RecordedEvent } from '../../../core/events/event.js';
import { createMemoryStore } from '../../../core/events/memory-store.js';
import { type AccountId, accountIdSchema, type DeviceId, deviceIdSchema } from '../../../core/ids.js';
import { countedSalts, handClock } from '../../core/events/samples.js';
import { seededNumbers } from '../../core/events/tampering.js';
import { textIn } from './model.js';

const USERNAMES = ['Ann', 'Ben', 'Cat', 'Dan', 'Eve', 'Fay'];
const ROOM_NAMES = ['lobby', 'attic', 'cellar'];
const TOPICS = ['weather', 'music'];

type Metadata = Omit<EventMetadata, 'command'>;

interface Person {
  readonly account: AccountId;
  readonly devices: DeviceId[];
  name: string;
}

const MONTH_MS = 31 * 86_400_000;
const ID_LENGTH = 26;
const idOf = (kind: number, number: number): string =>
  `${kind}${String(number).padStart(ID_LENGTH - 1, '0')}`;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const deviceOf = (number: number): DeviceId =>
  deviceIdSchema.parse(
    `U${'A'.repeat(53)}${LETTERS[Math.floor(number / LETTERS.length) % LETTERS.length]}${LETTERS[number % LETTERS.length]}`,
  );

/** Sends `count` random commands and returns the log of those that were accepted. */
export async function randomHistory(seed: number, count: number): Promise<readonly RecordedEvent[]> {
  const pick = seededNumbers(seed);
  const clock = handClock();
  const store = createMemoryStore({ clock, newSalt: countedSalts(), signHead: () => 'unsigned' });
  const host = createOperatorHost({ store, clock });
  const people: Person[] = [];
  const openRooms = new Map<string, string>();
  const members = new Map<string, Set<string>>();
  const topics = new Map<string, string>();
  let commands = 0;

  const any = <T>(list: readonly T[]): T | undefined => list[pick(list.length)];

  function metadataOf(account: string | null, device: string | null): Metadata {
    commands += 1;
    const commandId = `c-${commands}`;
    return { account, device, commandId, correlationId: commandId, causationId: null, traceparent: null };
  }

  async function toRoom(id: string, command: RoomCommand, metadata: Metadata) {
    const outcome = await host.send({ kind: 'room', id, command, metadata });
    const events = outcome.kind === 'done' ? outcome.events : [];
    for (const { type, payload, personal } of events) follow(id, type, textIn(payload, 'account'), personal);
    return events;
  }

  function follow(id: string, type: string, account: string, personal: RecordedEvent['personal']): void {
    const present = members.get(id) ?? new Set();
    members.set(id, present);
    if (type === 'RoomCreated') openRooms.set(textIn(personal, 'name'), id);
    if (type === 'RoomCreated' || type === 'MemberJoined') present.add(account);
    if (['MemberLeft', 'MemberRemoved', 'MemberBanned'].includes(type)) present.delete(account);
    if (type === 'TopicChanged') topics.set(id, textIn(personal, 'topic'));
    if (type === 'RoomClosed') {
      for (const [name, room] of openRooms) if (room === id) openRooms.delete(name);
    }
  }

  const toAccount = async (person: Person, command: AccountCommand, device: DeviceId | null) => {
    const metadata = metadataOf(device === null ? null : person.account, device);
    const outcome = await host.send({ kind: 'account', id: person.account, command, metadata });
    return outcome.kind === 'done' ? outcome.events : [];
  };

  async function register(): Promise<void> {
    const number = people.length + 1;
    const account = accountIdSchema.parse(idOf(2, number));
    const [name, device] = [any(USERNAMES) ?? '', deviceOf(pick(8))];
    const person = { account, devices: [device], name };
    const personal = { username: name, deviceName: 'desk' };
    const events = await toAccount(person, { type: 'RegisterAccount', account, device, personal }, device);
    // A refused account is forgotten, and its number is used again.
    if (events.length > 0) people.push(person);
  }

  async function changeAccount(person: Person): Promise<void> {
    const { account } = person;
    const [own] = person.devices;
    const choice = pick(8);
    if (choice === 0) {
      for (const event of await toAccount(
        person,
        { type: 'DisableAccount', account, personal: { reason: '' } },
        null,
      )) {
        if (event.type !== 'AccountDisabled') continue;
        person.devices.length = 0;
        for (const [room, present] of members) {
          if (!present.has(account)) continue;
          const command = { type: 'LeaveRoom', account, because: 'disabled' } as const;
          const { metadata } = consequenceOf(event, 'departures', `room-${room}`);
          await toRoom(room, command, metadata);
        }
      }
    } else if (choice === 1) await toAccount(person, { type: 'EnableAccount', account }, null);
    else if (choice < 4 || own === undefined) {
      const device = deviceOf(pick(8));
      const command = { type: 'EnrolDevice', account, device, personal: { deviceName: 'phone' } } as const;
      if ((await toAccount(person, command, device)).length > 0) person.devices.push(device);
    } else if (choice < 5) {
      const done = await toAccount(person, { type: 'RevokeDevice', account, device: own }, own);
      if (done.length > 0) person.devices.shift();
    } else {
      const name = any(USERNAMES) ?? '';
      if (name === person.name) return;
      const personal = { username: name, formerly: person.name };
      const done = await toAccount(
        person,
        { type: 'RenameAccount', account, at: clock.now(), personal },
        own,
      );
      if (done.length > 0) person.name = name;
    }
  }

  async function inRoom(person: Person): Promise<void> {
    const { account } = person;
    const [device] = person.devices;
    const name = any(ROOM_NAMES) ?? '';
    const id = openRooms.get(name);
    if (device === undefined) return;
    const metadata = metadataOf(account, device);
    const roomsOfAccount = [...members.values()].filter((present) => present.has(account)).length;
    if (id === undefined) {
      const personal = { name };
      const isPrivate = pick(4) === 0;
      const command = { type: 'CreateRoom', account, roomsOfAccount, isPrivate, personal } as const;
      await toRoom(idOf(1, commands), command, metadata);
      return;
    }
    const target = any(people)?.account ?? null;
    const personal = { reason: '' };
    const topic = any(TOPICS) ?? '';
    const isSame = topics.get(id) === topic;
    const asked: readonly RoomCommand[] = [
      { type: 'JoinRoom', account, roomsOfAccount },
      { type: 'JoinRoom', account, roomsOfAccount },
      { type: 'JoinRoom', account, roomsOfAccount },
      { type: 'LeaveRoom', account },
      { type: 'RemoveMember', account, target, personal },
      { type: 'BanMember', account, target, personal },
      { type: 'UnbanMember', account, target },
      { type: 'InviteMember', account, target },
      { type: 'PromoteMember', account, target },
      { type: 'PromoteMember', account, target },
      { type: 'DemoteAdmin', account, target },
      { type: 'NameSuccessor', account, target },
      { type: 'ChangeTopic', account, isSame, personal: { topic } },
    ];
    const command = any(asked);
    if (command !== undefined) await toRoom(id, command, metadata);
  }

  async function fromTrackerOrOperator(): Promise<void> {
    const id = openRooms.get(any(ROOM_NAMES) ?? '');
    const account = any(people)?.account;
    if (id === undefined || account === undefined) return;
    const personal = { reason: 'spam' };
    const online = people.filter(() => pick(2) === 0).map((person) => person.account);
    const asked: readonly RoomCommand[] = [
      { type: 'AdminsAbsent', deadline: clock.now() + 5_000 },
      { type: 'AdminReturned', account },
      { type: 'Tick', now: clock.now(), online },
      { type: 'RemoveAsOperator', target: account, personal },
      { type: 'TransferRoom', target: account, personal },
      { type: 'DemoteAsOperator', target: account, personal },
      { type: 'CloseRoom', personal },
    ];
    const command = any(asked);
    if (command !== undefined) await toRoom(id, command, metadataOf(null, null));
  }

  for (let step = 0; step < count; step += 1) {
    // A former name is free again after a month.
    clock.advance(pick(25) === 0 ? MONTH_MS : 1_000);
    const person = any(people);
    const choice = pick(20);
    if (person === undefined || (choice === 0 && people.length < USERNAMES.length + 2)) await register();
    else if (choice < 3) await changeAccount(person);
    else if (choice < 5) await fromTrackerOrOperator();
    else await inRoom(person);
  }
  return (await store.readAll({ fromPosition: 1, limit: 10_000 })).filter(isApplicable);
}
