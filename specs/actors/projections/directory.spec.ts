import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { createDirectory } from '../../../actors/projections/directory.js';
import type { SqlValue } from '../../../core/events/sql/sql.js';
import type { DeviceId } from '../../../core/ids.js';
import { type ConversationId, conversationIdSchema } from '../../../core/protocol/message/message.js';
import { newDeviceId } from '../../support/identities.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';

async function room(
  { ask, directory }: TrackerFixture,
  creator: Caller,
  name: string,
): Promise<ConversationId> {
  await ask.rooms(creator, { operation: 'CREATE', name });
  const row = await directory.openRoomNamed(name);
  if (row === null) throw new Error(`there is no room ${name}`);
  return row.id;
}

/** A directory, and its queries to the database. */
function overheard({ reads }: TrackerFixture['database']) {
  const asked: { readonly statement: string; readonly values: readonly SqlValue[] }[] = [];
  const directory = createDirectory({
    all(statement, values = []) {
      asked.push({ statement, values });
      return reads.all(statement, values);
    },
    first(statement, values = []) {
      asked.push({ statement, values });
      return reads.first(statement, values);
    },
  });
  return { directory, asked };
}

const those = (...callers: readonly Caller[]) => callers.map(({ account }) => account).sort();

test('directory: names are found without regard to case', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const lobby = await room(fixture, ann, 'Lobby');
  for (const name of ['ann', 'ANN', 'aNn'])
    t.is((await fixture.directory.accountNamed(name))?.id, ann.account);
  for (const name of ['lobby', 'LOBBY']) t.is((await fixture.directory.openRoomNamed(name))?.id, lobby);
  t.is(await fixture.directory.accountNamed('anna'), null);
  t.is(await fixture.directory.openRoomNamed('lobb'), null);
});

test('directory: unknown accounts and devices are absent from results', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const nobody = { account: (await openTrackerFixture(t).then((other) => other.enrolled('Zoe'))).account };
  t.deepEqual([...(await fixture.directory.people([ann.account, nobody.account])).keys()], [ann.account]);
  t.deepEqual([...(await fixture.directory.people([]))], []);
  t.is(await fixture.directory.account(nobody.account), null);
  t.is(await fixture.directory.ownerOf(newDeviceId()), null);
  const owners = await fixture.directory.ownersOf([ann.device, newDeviceId()]);
  t.deepEqual([...owners], [[ann.device, ann.account]]);
});

test('directory: more people than one statement allows are found', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const many = Array.from({ length: 40_000 }, () => ann.account);
  t.is((await fixture.directory.people(many)).size, 1);
});

test('directory: the members at a version are those who stayed, joined or left with it', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben, cat] = [
    await fixture.enrolled('Ann'),
    await fixture.enrolled('Ben'),
    await fixture.enrolled('Cat'),
  ];
  const lobby = await room(fixture, ann, 'lobby');
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'QUIT', name: 'lobby' });
  await fixture.ask.rooms(cat, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  const at = async (version: number) => {
    const [members = new Set()] = await fixture.directory.membersAt([{ room: lobby, version }]);
    return [...members].sort();
  };
  t.deepEqual(await at(1), those(ann));
  t.deepEqual(await at(2), those(ann, ben));
  t.deepEqual(await at(3), those(ann, ben));
  t.deepEqual(await at(4), those(ann, cat));
  t.deepEqual(await at(5), those(ann, ben, cat));
});

test('directory: every membership of an account in a room is kept, in order', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  const lobby = await room(fixture, ann, 'lobby');
  for (const operation of ['JOIN', 'QUIT', 'JOIN'])
    await fixture.ask.rooms(ben, { operation, name: 'lobby' });
  const stays = await fixture.directory.stays(lobby, ben.account);
  t.like(stays, [
    { joinedVersion: 2, leftVersion: 3 },
    { joinedVersion: 4, leftVersion: null },
  ]);
  t.deepEqual(
    (await fixture.directory.membershipsOf(ben.account)).map(({ joinedVersion }) => joinedVersion),
    [4],
  );
  const members = await fixture.directory.members(lobby);
  t.deepEqual(
    members.map(({ account }) => account),
    [ann.account, ben.account],
  );
});

test('directory: the first open rooms by name, with their present members', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  t.deepEqual(await fixture.directory.roomsFor(ann.account, 10), []);
  for (const name of ['cellar', 'Attic', 'balcony']) await room(fixture, ann, name);
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'attic' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'balcony' });
  await fixture.ask.rooms(ben, { operation: 'QUIT', name: 'balcony' });
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'cellar' });
  const listed = async (limit: number) =>
    (await fixture.directory.roomsFor(ann.account, limit)).map(({ name, members }) => `${name} ${members}`);
  t.deepEqual(await listed(10), ['Attic 2', 'balcony 1']);
  t.deepEqual(await listed(1), ['Attic 2']);
});

test('directory: current members are found without a scan of ended memberships or closed rooms', async (t) => {
  const { database, enrolled } = await openTrackerFixture(t);
  const { account } = await enrolled('Ann');
  const { directory, asked } = overheard(database);
  const lobby = conversationIdSchema.parse('room-01J00000000000000000000001');
  await directory.openRoomNamed('lobby');
  await directory.roster(lobby);
  await directory.members(lobby);
  await directory.membersAt([{ room: lobby, version: 1 }]);
  await directory.roomsFor(account, 10);
  await directory.roomCountOf(account);
  await directory.membershipsOf(account);
  await directory.roommatesOf(account);
  await directory.stays(lobby, account);
  await directory.leaders();

  const ways = new Set<string>();
  for (const { statement, values } of asked) {
    const plan = await database.reads.all(`EXPLAIN QUERY PLAN ${statement}`, values);
    for (const { detail } of plan) {
      const [, way, index] =
        /^(?:SCAN|SEARCH) (?:r|m|own|other|rooms|memberships) (.*?INDEX (\w+)|.*)/.exec(String(detail)) ?? [];
      if (way !== undefined) ways.add(index ?? way);
    }
  }
  t.deepEqual([...ways].sort(), [
    'memberships_ended',
    'memberships_of_account',
    'memberships_of_room',
    'memberships_stays',
    'rooms_open',
    'sqlite_autoindex_rooms_1',
  ]);
});

test('directory: given accounts with many devices, then only the requested number is read, the latest enrolment first', async (t) => {
  const { database, clock, enrolled, another } = await openTrackerFixture(t);
  const [ann, ben] = [await enrolled('Ann'), await enrolled('Ben')];
  const later: DeviceId[] = [];
  for (let count = 0; count < 4; count += 1) {
    clock.advance(1);
    later.unshift((await another(ann)).device);
  }
  const { directory, asked } = overheard(database);
  const found = await directory.enrolledOf([ann.account, ben.account], 3);
  t.deepEqual(found.get(ann.account), later.slice(0, 3));
  t.deepEqual(found.get(ben.account), [ben.device]);
  const rows = await Promise.all(asked.map(({ statement, values }) => database.reads.all(statement, values)));
  t.is(rows.flat().length, 4);
});

test('directory: a query always has the same statement, because each is kept prepared', async (t) => {
  const { database, clock, enrolled } = await openTrackerFixture(t);
  const { account } = await enrolled('Ann');
  const { directory, asked } = overheard(database);
  for (const later of [0, 1, 2]) await directory.namesHeld([account], clock.now() + later);
  t.is(new Set(asked.map(({ statement }) => statement)).size, 1);
});
