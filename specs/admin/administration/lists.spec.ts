import test from 'ava';
import {
  type AccountListed,
  listAccounts,
  listRooms,
  type RoomListed,
} from '../../../admin/administration/lists.js';
import { accountsText, roomJson, roomsText } from '../../../admin/administration/lists-text.js';
import { closeRoom } from '../../../admin/administration/tasks.js';
import { disableAccount } from '../../../admin/disabling.js';
import { createLook } from '../../../admin/look.js';
import { noPaint } from '../../../admin/text/paint.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { append, event } from '../../core/events/samples.js';
import { openScene } from './scene.js';

async function collected<T>(entries: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

const roomFacts = ({ name, state, members, admins }: RoomListed) =>
  `${name} ${state} ${members} ${admins.map((admin) => admin.name).join()}`;
const accountFacts = ({ name, state, devices, rooms, lastActivity }: AccountListed) =>
  `${name} ${state} ${devices} ${rooms} ${lastActivity?.position}`;

test('lists: given rooms and accounts that change, then each moment has its own lists', async (t) => {
  const { fixture, home, parts, act, people } = await openScene(t);
  await fixture.ask.rooms(people.dan, { operation: 'CREATE', name: 'attic', isPrivate: true });
  const look = createLook(home.reader);
  const before = await look.pointAt();
  await act(closeRoom('lobby', 'off topic'));
  await disableAccount(parts, { whom: 'ben', reason: 'spam' });
  const now = await look.pointAt();

  const rooms = await collected(listRooms(look, before));
  t.deepEqual(rooms.map(roomFacts), ['lobby open 3 Ann', 'attic open 1 Dan']);
  t.deepEqual(
    rooms.map(({ isPrivate }) => isPrivate),
    [false, true],
  );
  t.deepEqual((await collected(listRooms(look, now))).map(roomFacts), [
    'lobby closed 0 ',
    'attic open 1 Dan',
  ]);
  t.deepEqual((await collected(listAccounts(look, before))).map(accountFacts), [
    'Ann active 1 1 9',
    'Ben active 1 1 10',
    'Cat active 1 1 11',
    'Dan active 1 1 12',
  ]);
  const accounts = await collected(listAccounts(look, now));
  t.deepEqual(accounts.map(accountFacts), [
    'Ann active 1 0 9',
    'Ben disabled 0 0 10',
    'Cat active 1 0 11',
    'Dan active 1 1 12',
  ]);
  t.regex(roomsText(rooms, noPaint).join('\n'), /#attic {2}open {3}private {2}1 {8}@Dan/);
  t.regex(accountsText(accounts, noPaint).join('\n'), /@Ben {5}disabled {2}0/);
  const [lobby] = rooms;
  if (lobby !== undefined) {
    t.like(JSON.parse(roomJson(lobby, before)), { format: 'rooms/1', name: 'lobby', private: false });
  }
});

test('lists: given a room with an event that this version cannot read, then it is listed with the reason, and the others as usual', async (t) => {
  const { fixture, home, people } = await openScene(t);
  await fixture.ask.rooms(people.dan, { operation: 'CREATE', name: 'attic' });
  const attic = (await fixture.directory.openRoomNamed('attic'))?.id ?? '';
  const { database, writer, clock } = fixture;
  const plain = createSqlStore({
    reads: database.reads,
    writer,
    clock,
    newSalt: () => 'salt',
    projections: [],
  });
  await plain.append(append(attic, 1, { events: [event('RoomArchived', { payload: {} })] }));
  const look = createLook(home.reader);
  const rooms = await collected(listRooms(look, await look.pointAt()));
  t.deepEqual(
    rooms.map(({ name, state }) => `${name} ${state}`),
    ['lobby open', 'attic unreadable'],
  );
  t.regex(rooms[1]?.problem ?? '', /event at position 13 .* cannot be applied: .*RoomArchived/);
});
