import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { OperatorError } from '../../../../core/errors.js';
import { prepareWriter } from '../../../../core/events/sql/sqlite.js';
import { openUntouchedReader, untouched } from '../../../../core/events/sql/untouched.js';
import { temporaryFolder } from '../../../support/folder.js';

/** The names and contents of all files of a folder. */
async function contentsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).toSorted();
  const digest = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await digest(name)] as const)),
  );
}

/** A folder with a database that a connection has open and that has a write-ahead log. */
async function openFolder(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'a database.db');
  const writer = new Libsql(file);
  prepareWriter(writer);
  writer.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY)');
  writer.exec('INSERT INTO notes VALUES (1), (2)');
  t.teardown(() => writer.close());
  return { folder, file, writer };
}

/** A copy of some of the files of a folder, as a stopped process left them. */
async function copyOf(t: ExecutionContext, folder: string, names: readonly string[]): Promise<string> {
  const copy = await temporaryFolder(t);
  for (const name of names) await copyFile(join(folder, name), join(copy, name));
  return copy;
}

const COUNT = 'SELECT COUNT(*) AS count FROM notes';
const WHOLE = ['a database.db', 'a database.db-wal', 'a database.db-shm'];

async function countIn(file: string): Promise<unknown> {
  const reader = openUntouchedReader(file);
  try {
    return (await reader.first(COUNT))?.['count'];
  } finally {
    reader.close();
  }
}

// Connections of one process share the index of the write-ahead log, so the writer is another process.
test('untouched: given a database that another process has open, then its committed rows are read and no file changes', async (t) => {
  const { folder } = await openFolder(t);
  const copy = await copyOf(t, folder, WHOLE);
  const file = join(copy, 'a database.db');
  const writer = fork(fileURLToPath(new URL('./hold-writer.js', import.meta.url)), [file]);
  t.teardown(() => writer.kill('SIGKILL'));
  await once(writer, 'message');
  const before = await contentsOf(copy);
  const reader = openUntouchedReader(file);
  t.teardown(() => reader.close());
  t.like(await reader.first(COUNT), { count: 3 });
  t.deepEqual(await contentsOf(copy), before);
  writer.send('INSERT INTO notes VALUES (4)');
  await once(writer, 'message');
  const later = await contentsOf(copy);
  t.like(await reader.first(COUNT), { count: 4 });
  t.deepEqual(await contentsOf(copy), later);
});

test('untouched: given a process that was killed, then its committed rows are read and no file changes', async (t) => {
  const { folder } = await openFolder(t);
  const copy = await copyOf(t, folder, WHOLE);
  const before = await contentsOf(copy);
  t.is(await countIn(join(copy, 'a database.db')), 2);
  t.deepEqual(await contentsOf(copy), before);
});

test('untouched: given a database that nobody has open, then its rows are read and no file appears', async (t) => {
  const { folder, file, writer } = await openFolder(t);
  writer.pragma('wal_checkpoint(TRUNCATE)');
  const copy = await copyOf(t, folder, ['a database.db']);
  const before = await contentsOf(copy);
  t.is(await countIn(join(copy, 'a database.db')), 2);
  t.deepEqual(await contentsOf(copy), before);
  t.true(untouched(file).isCurrent());
});

test('untouched: given a process that begins to write during the reading, then the next statement reads its rows', async (t) => {
  const { folder, writer } = await openFolder(t);
  writer.pragma('wal_checkpoint(TRUNCATE)');
  const file = join(await copyOf(t, folder, ['a database.db']), 'a database.db');
  const way = untouched(file);
  const reader = openUntouchedReader(file);
  t.teardown(() => reader.close());
  t.like(await reader.first(COUNT), { count: 2 });
  t.true(way.isCurrent());
  const other = new Libsql(file);
  t.teardown(() => other.close());
  prepareWriter(other);
  other.exec('INSERT INTO notes VALUES (3)');
  t.false(way.isCurrent());
  t.like(await reader.first(COUNT), { count: 3 });
  other.exec('INSERT INTO notes VALUES (4)');
  other.pragma('wal_checkpoint(TRUNCATE)');
  t.like(await reader.first(COUNT), { count: 4 });
  t.false(way.isCurrent());
});

test('untouched: given changes in a write-ahead log without its index, then the error says that the home must be completed', async (t) => {
  const { folder } = await openFolder(t);
  const copy = await copyOf(t, folder, WHOLE.slice(0, 2));
  const before = await contentsOf(copy);
  await t.throwsAsync(countIn(join(copy, 'a database.db')), {
    instanceOf: OperatorError,
    message: /cannot be read without changing it/,
  });
  t.deepEqual(await contentsOf(copy), before);
});

test('untouched: a reader cannot write', async (t) => {
  const { file } = await openFolder(t);
  const reader = openUntouchedReader(file);
  t.teardown(() => reader.close());
  for (const statement of [
    'INSERT INTO notes VALUES (9)',
    'DROP TABLE notes',
    'CREATE TABLE more (id INTEGER)',
  ]) {
    await t.throwsAsync(reader.all(statement), { message: /readonly|read-only/ }, statement);
  }
});

test('untouched: given a file that is missing, then it is not created', async (t) => {
  const folder = await temporaryFolder(t);
  const missing = join(folder, 'none.db');
  await t.throwsAsync(async () => countIn(missing));
  t.deepEqual(await readdir(folder), []);
  await rm(missing, { force: true });
});
