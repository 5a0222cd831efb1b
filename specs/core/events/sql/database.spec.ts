import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { MigrationInterface } from 'typeorm';
import { OperatorError } from '../../../../core/errors.js';
import { openDatabase } from '../../../../core/events/sql/database.js';
import { StoreUnavailableError } from '../../../../core/events/errors.js';
import { trackerMigrations } from '../../../../migrations/tracker/all.js';
import { openEngine, temporaryFolder } from '../temporary.js';

const open = (file: string) => openDatabase({ file, migrations: trackerMigrations, tables: [] });

test('database: migrations and entities define the same schema', async (t) => {
  const { database } = await openEngine(t);
  t.deepEqual(await database.drift(), []);
});

test('database: a new file in a new folder is readable by its owner only', async (t) => {
  const file = join(temporaryFolder(t), 'home', 'tracker.db');
  const database = await open(file);
  t.teardown(() => database.close());
  t.is(statSync(file).mode & 0o777, 0o600);
  t.is(statSync(`${file}-wal`).mode & 0o777, 0o600);
});

test('database: commits are on the disk before they are acknowledged', async (t) => {
  const { database } = await openEngine(t);
  t.like(await database.writeConnection.all('PRAGMA journal_mode'), [{ journal_mode: 'wal' }]);
  t.like(await database.writeConnection.all('PRAGMA synchronous'), [{ synchronous: 2 }]);
});

test('database: reads see committed data, use statements prepared once, and cannot write', async (t) => {
  const { database, writer } = await openEngine(t);
  const owners = (owner: string) =>
    database.reads.all('SELECT owner FROM credentials WHERE owner = ?', [owner]);
  t.deepEqual(await owners('ann'), []);
  await writer.write(async (sql) => {
    await sql.run("INSERT INTO credentials (owner, secret) VALUES ('ann', 'hush')");
    t.deepEqual(await owners('ann'), []);
  });
  t.deepEqual(await owners('ann'), [{ owner: 'ann' }]);
  t.deepEqual(await owners('bob'), []);
  await t.throwsAsync(database.reads.all('DELETE FROM credentials'), { instanceOf: StoreUnavailableError });
});

test('database: given a file that is not a database, then the error says so', async (t) => {
  const file = join(temporaryFolder(t), 'tracker.db');
  writeFileSync(file, 'Dear diary, '.repeat(1_000));
  const error = await t.throwsAsync(open(file), { instanceOf: OperatorError });
  t.is(error.message, `The file ${file} is not a database.`);
  t.regex(error.remedy, /start with an empty log/);
});

test('database: given a folder instead of the file, then the error says what to check', async (t) => {
  const file = join(temporaryFolder(t), 'tracker.db');
  mkdirSync(file);
  const error = await t.throwsAsync(open(file), { instanceOf: OperatorError });
  t.regex(error.message, /cannot be opened: it is a folder, not a file/);
  t.regex(error.remedy, /may write to it/);
});

test('database: given a database of a newer version, then it is not changed', async (t) => {
  class Future1900000000000 implements MigrationInterface {
    async up(): Promise<void> {}
    async down(): Promise<void> {}
  }
  const { file } = await openEngine(t, { migrations: [Future1900000000000] });
  const error = await t.throwsAsync(open(file), { instanceOf: OperatorError });
  t.regex(error.message, /newer version of Partyline \(it contains Future1900000000000\)/);
});

test('database: given a migration that fails, then no change of that start is kept', async (t) => {
  class Broken1900000000000 implements MigrationInterface {
    async up(): Promise<void> {
      throw new Error('out of luck');
    }
    async down(): Promise<void> {}
  }
  const file = join(temporaryFolder(t), 'tracker.db');
  const migrations = [...trackerMigrations, Broken1900000000000];
  await t.throwsAsync(openDatabase({ file, migrations, tables: [] }), { message: /out of luck/ });
  const database = await open(file);
  t.teardown(() => database.close());
  t.deepEqual(await database.drift(), []);
});
