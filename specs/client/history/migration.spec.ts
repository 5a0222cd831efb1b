// Histories that older terminals have written, opened by this one.
import { join } from 'node:path';
import test from 'ava';
import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { openHistory } from '../../../client/history/history.js';
import { systemClock } from '../../../core/clock.js';
import { accountIdSchema, systemIds } from '../../../core/ids.js';
import { privateConversation } from '../../../core/protocol/message.js';
import { clientMigrations } from '../../../migrations/client/all.js';
import { migrationNames } from '../../../migrations/client/schema.js';
import { temporaryFolder } from '../../support/folder.js';

const newAccount = () => accountIdSchema.parse(systemIds.next());
const [alice, bob] = [newAccount(), newAccount()];
const withBob = privateConversation(alice, bob);
const room = 'room-01J00000000000000000000001';

/** A file as the first `count` migrations made it, with what a terminal of then knew. */
async function oldFile(folder: string, count: number): Promise<string> {
  const database = join(folder, 'history.db');
  const migrations = clientMigrations.slice(0, count);
  const old = new DataSource({ type: 'better-sqlite3', driver: Libsql, database, migrations });
  await old.initialize();
  await old.runMigrations({ transaction: 'all' });
  await old.query('INSERT INTO people (account, username, is_vouched) VALUES (?, ?, 1)', [bob, 'bob']);
  await old.query('INSERT INTO rooms (conversation, name, version) VALUES (?, ?, 3)', [room, 'lobby']);
  await old.query(
    'INSERT INTO memberships (conversation, account, joined_version, is_admin) VALUES (?, ?, 1, 1)',
    [room, bob],
  );
  await old.query('INSERT INTO privates (conversation) VALUES (?)', [withBob]);
  await old.destroy();
  return database;
}

for (const [index, { name }] of clientMigrations.slice(1).entries()) {
  test(`migration: given a history from before ${name}, then it opens, and nothing of it is lost`, async (t) => {
    const file = await oldFile(await temporaryFolder(t), index + 1);
    const history = await openHistory({ file, clock: systemClock });
    t.teardown(() => history.close());
    const facts = await history.facts();
    t.deepEqual(facts.people, [{ account: bob, username: 'bob', isVouched: true, namedAt: 0 }]);
    t.like(facts.rooms[0], { conversation: room, name: 'lobby', version: 3, topic: '', isPrivate: false });
    t.like(facts.rooms[0]?.memberships[0], {
      account: bob,
      joinedVersion: 1,
      leftVersion: null,
      isAdmin: true,
    });
    t.deepEqual(facts.privates, [withBob]);
    t.deepEqual(await history.attention(), { readings: [], mutes: [], isDnd: false });
    await history.keep({ people: [{ account: bob, username: 'robert', isVouched: true, namedAt: 7 }] });
    t.deepEqual((await history.facts()).people, [
      { account: bob, username: 'robert', isVouched: true, namedAt: 7 },
    ]);
  });
}

test('migration: given a fresh file, then it is as all migrations make it', async (t) => {
  const migrated = await oldFile(await temporaryFolder(t), clientMigrations.length);
  const fresh = join(await temporaryFolder(t), 'history.db');
  await (await openHistory({ file: fresh, clock: systemClock })).close();
  for (const what of [
    'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name',
    'SELECT id, timestamp, name FROM migrations ORDER BY id',
    'SELECT id, position FROM indexed',
  ]) {
    t.deepEqual(rowsOf(fresh, what), rowsOf(migrated, what));
  }
  const names = clientMigrations.map((migration) => new migration().name);
  t.deepEqual([...migrationNames], names);
});

function rowsOf(file: string, what: string): readonly unknown[] {
  const connection = new Libsql(file, { readonly: true });
  const rows = connection.prepare(what).all();
  connection.close();
  return rows;
}
