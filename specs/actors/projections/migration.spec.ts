import { join } from 'node:path';
import test from 'ava';
import { verifyHome } from '../../../admin/verify.js';
import { trackerProjections } from '../../../actors/projections/derived.js';
import { createDirectory, type Directory } from '../../../actors/projections/directory.js';
import { trackerTables } from '../../../actors/projections/tables.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import type { NewEvent } from '../../../core/events/event.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter, type Writer } from '../../../core/events/sql/writer.js';
import type { AccountId } from '../../../core/ids.js';
import { conversationIdSchema } from '../../../core/protocol/message/message.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { QuarantinedEvents1767225770000 } from '../../../migrations/tracker/log/1767225770000-quarantined-events.js';
import {
  append,
  countedSalts,
  event,
  handClock,
  isHeadSigned,
  seals,
  signHead,
  START,
} from '../../core/events/samples.js';
import { temporaryFolder } from '../../support/folder.js';
import { ann, ben, cat } from '../people.js';

const lobby = conversationIdSchema.parse('room-01J00000000000000000000001');
const attic = conversationIdSchema.parse('room-01J00000000000000000000002');
/** The migrations that an older version had, and the one without which the store of this version reads no event. */
const until = (name: string) => [
  ...trackerMigrations.slice(
    0,
    trackerMigrations.findIndex((migration) => migration.name.startsWith(name)),
  ),
  QuarantinedEvents1767225770000,
];

const was = (type: string, payload: NewEvent['payload'], personal: NewEvent['personal'] = null): NewEvent =>
  event(type, { payload, personal });
const created = (account: AccountId, name: string): NewEvent => was('RoomCreated', { account }, { name });
const joined = (account: AccountId): NewEvent => was('MemberJoined', { account });
const left = (account: AccountId): NewEvent => was('MemberLeft', { account });
const succeeded = (account: AccountId, after: AccountId): NewEvent =>
  was('AdminSucceeded', { account, after });

/** The lobby's events: Ann creates it; Ben, Cat and Ann become admin in this order, each when the last admin leaves. */
const history = [
  created(ann, 'Lobby'),
  joined(ben),
  joined(cat),
  left(ann),
  succeeded(ben, ann),
  joined(ann),
  left(ben),
  succeeded(cat, ben),
  joined(ben),
  left(cat),
  succeeded(ann, cat),
  joined(cat),
];

/** Memberships in the old format: each stay, and whether the member became admin in it. */
const stays = [
  [lobby, 1, ann, 4, true],
  [lobby, 2, ben, 7, true],
  [lobby, 3, cat, 10, true],
  [lobby, 6, ann, null, true],
  [lobby, 9, ben, null, false],
  [lobby, 12, cat, null, false],
  [attic, 1, ben, 2, true],
] as const;

async function fill(writer: Writer): Promise<void> {
  await writer.write(async (sql) => {
    const rooms = 'INSERT INTO rooms (id, name, folded, topic, version, is_open) VALUES (?, ?, ?, ?, ?, ?)';
    await sql.run(rooms, [lobby, 'Lobby', 'lobby', '', history.length, 1]);
    await sql.run(rooms, [attic, 'attic', 'attic', '', 3, 0]);
    for (const [room, version, account, end, isAdmin] of stays) {
      await sql.run(
        `INSERT INTO memberships (room, joined_version, account, left_version, joined_at, is_admin)
         VALUES (?, ?, ?, ?, ?, ?)`,
        [room, version, account, end, START, isAdmin ? 1 : 0],
      );
    }
  });
}

test('migration: given rooms from before moderation, then the start of each admin’s role is filled in, and a rebuild gives the same rows', async (t) => {
  const file = join(await temporaryFolder(t), 'tracker.db');
  const old = await openDatabase({ file, migrations: until('Moderation'), tables: [] });
  const writer = createWriter({ connection: old.writeConnection, signHead });
  const parts = { reads: old.reads, writer, clock: handClock(), newSalt: countedSalts(), projections: [] };
  const store = createSqlStore(parts);
  await store.append(append(lobby, 0, { events: history }));
  const short = [created(ben, 'attic'), left(ben), was('RoomClosed', { account: ben })];
  await store.append(append(attic, 0, { events: short }));
  await fill(writer);
  await old.close();

  const now = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  t.teardown(() => now.close());
  const directory = createDirectory(now.reads);
  t.deepEqual(
    (await directory.stays(lobby, ann)).map(({ adminVersion }) => adminVersion),
    [1, 11],
  );
  t.like(await directory.openRoomNamed('lobby'), {
    isPrivate: false,
    successor: null,
    isAttended: true,
    deadline: null,
  });
  t.deepEqual(await now.drift(), []);
  const proof = await verifyHome({ file, isHeadSigned, seals }, () => undefined);
  t.like(proof, { kind: 'intact' }, JSON.stringify(proof));
});

test('migration: given rows from before former memberships and closed rooms had their own tables, then queries and a rebuild give the same results', async (t) => {
  const file = join(await temporaryFolder(t), 'tracker.db');
  const old = await openDatabase({ file, migrations: until('PresentAndFormer'), tables: [] });
  const writer = createWriter({ connection: old.writeConnection, signHead });
  const store = createSqlStore({
    reads: old.reads,
    writer,
    clock: handClock(),
    newSalt: countedSalts(),
    projections: trackerProjections,
  });
  await store.append(append(lobby, 0, { events: history }));
  const short = [created(ben, 'lobby'), left(ben), was('RoomClosed', { account: ben })];
  await store.append(append(attic, 0, { events: short }));
  const found = async (directory: Directory) => [
    await directory.openRoomNamed('lobby'),
    await directory.members(lobby),
    await directory.stays(lobby, ann),
    await directory.membershipsOf(ben),
    await directory.membersAt([5, 8, 12].map((version) => ({ room: lobby, version }))),
    await directory.leaders(),
  ];
  const before = await found(createDirectory(old.reads));
  await old.close();

  const now = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  t.teardown(() => now.close());
  t.deepEqual(await found(createDirectory(now.reads)), before);
  t.deepEqual(await now.drift(), []);
  const proof = await verifyHome({ file, isHeadSigned, seals }, () => undefined);
  t.like(proof, { kind: 'intact' }, JSON.stringify(proof));
});
