import test from 'ava';
import { accountProjection, redactedName } from '../../../actors/projections/accounts.js';
import { createDirectory } from '../../../actors/projections/directory.js';
import { roomProjection } from '../../../actors/projections/rooms.js';
import { project } from '../../../core/events/derived/projector.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { isApplicable } from '../../../core/events/event.js';

const TABLES = ['accounts', 'devices', 'rooms', 'memberships'];

async function contents({ database }: TrackerFixture) {
  const tables = TABLES.map((table) => database.reads.all(`SELECT * FROM ${table} ORDER BY 1, 2`));
  return Promise.all(tables);
}

/** Ann with a second, logged-out device, and Ben; a room whose admin is Ben after Ann left, and a closed room. */
async function history(fixture: TrackerFixture) {
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const phone = await fixture.another(ann);
  await fixture.ask.account(phone, { operation: 'LOGOUT' });
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Benno' });
  const rooms = fixture.ask.rooms;
  await rooms(ann, { operation: 'CREATE', name: 'Lobby' });
  await rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await rooms(ann, { operation: 'QUIT', name: 'lobby' });
  await rooms(ann, { operation: 'JOIN', name: 'lobby' });
  await rooms(ann, { operation: 'CREATE', name: 'attic' });
  await rooms(ann, { operation: 'QUIT', name: 'attic' });
  return { ann, ben, phone };
}

test('projections: after a history, the tables hold the accounts, devices and memberships', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { ann, ben, phone } = await history(fixture);
  const { directory } = fixture;
  t.like(await directory.account(ann.account), {
    username: 'Ann',
    folded: 'ann',
    registeredAt: fixture.clock.now(),
  });
  t.is(await directory.ownerOf(ann.device), ann.account);
  t.is(await directory.ownerOf(phone.device), null);
  const lobby = await directory.openRoomNamed('LOBBY');
  t.like(lobby, { name: 'Lobby', folded: 'lobby', topic: '', version: 5, isOpen: true });
  const members = lobby === null ? [] : await directory.members(lobby.id);
  t.like(members, [
    { account: ben.account, joinedVersion: 2, leftVersion: null, isAdmin: true },
    { account: ann.account, joinedVersion: 5, leftVersion: null, isAdmin: false },
  ]);
  t.is(await directory.openRoomNamed('attic'), null);
});

test('projections: given a rebuild from the log, then the tables are the same', async (t) => {
  const fixture = await openTrackerFixture(t);
  await history(fixture);
  const before = await contents(fixture);
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 1_000 })).filter(isApplicable);
  await fixture.writer.write(async (sql) => {
    for (const table of TABLES) await sql.run(`DELETE FROM ${table}`);
    await project([accountProjection, roomProjection], events, sql);
  });
  t.deepEqual(await contents(fixture), before);
});

test('projections: given redacted events, then the rows are kept without names and cannot be found by name', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { ann, ben } = await history(fixture);
  await fixture.ask.rooms(ben, { operation: 'CREATE', name: 'cellar' });
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 1_000 })).filter(isApplicable);
  await fixture.writer.write(async (sql) => {
    for (const table of TABLES) await sql.run(`DELETE FROM ${table}`);
    const redacted = events.map((event) => ({ ...event, personal: null, salt: null }));
    await project([accountProjection, roomProjection], redacted, sql);
  });
  const directory = createDirectory(fixture.database.reads);
  t.like(await directory.account(ann.account), { id: ann.account, username: redactedName(ann.account) });
  t.is(await directory.accountNamed('ann'), null);
  t.is(await directory.accountNamed(redactedName(ann.account)), null);
  const rooms = await directory.roomsFor(ann.account, 10);
  t.deepEqual(
    rooms.map(({ name, members }) => ({ name, members })),
    [
      { name: 'redacted', members: 2 },
      { name: 'redacted', members: 1 },
    ],
  );
  t.is(await directory.openRoomNamed('redacted'), null, 'the placeholder name finds no room');
  for (const { id } of rooms) t.is(await directory.openRoomNamed(id), null);
});
