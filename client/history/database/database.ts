// The opening of the history's SQLite file: durable settings and the current schema. It runs no queries on messages.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { z } from 'zod';
import { messageOf, OperatorError } from '../../../core/errors.js';
import { migrationNames, schemaStatements } from '../../../migrations/client/schema/schema.js';

/**
 * SQLite's value for `synchronous = NORMAL`: SQLite syncs the write-ahead log only before a checkpoint. The group commit syncs
 * the log after each commit.
 */
const NORMAL = 1;
/** How long opening waits for another program to release the file. */
const OPENING_LOCK_WAIT_MS = 1_000;
/**
 * SQLite blocks the event loop while it waits for a lock. Therefore SQLite waits only this long, and the group commit retries
 * without blocking.
 */
const LOCK_WAIT_MS = 25;
/**
 * The pages in the write-ahead log that cause a checkpoint: 16 MiB. A checkpoint blocks the event loop until the disk has synced,
 * so it should be rare.
 */
const CHECKPOINT_PAGES = 4_000;
/** If the write-ahead log has grown larger, SQLite truncates it to this size after a checkpoint. */
const LOG_BYTES = 16 * 1024 * 1024;

/**
 * Opens the database. A commit is on disk only when `Disk.synced` has resolved. Rejects with an `OperatorError` if the file cannot be
 * opened, is not a database, was written by a newer version, or cannot be written durably.
 */
export async function openDatabase(file: string): Promise<Libsql.Database> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    const connection = connect(file);
    if (hasCurrentSchema(connection, file)) return opened(connection);
    connection.close();
    const { migrate } = await import('./migrate.js');
    await migrate(file);
    return opened(connect(file));
  } catch (thrown) {
    if (thrown instanceof OperatorError) throw thrown;
    throw new OperatorError(
      `The history ${file} cannot be opened: ${messageOf(thrown)}.`,
      'Make the folder writable for this user. If the file is damaged, move it away and start again.',
      { cause: thrown },
    );
  }
}

function opened(connection: Libsql.Database): Libsql.Database {
  connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
  return connection;
}

function connect(file: string): Libsql.Database {
  const connection = new Libsql(file);
  connection.pragma(`busy_timeout = ${OPENING_LOCK_WAIT_MS}`);
  connection.pragma('foreign_keys = ON');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.pragma(`journal_size_limit = ${LOG_BYTES}`);
  return connection;
}

/** Creates the schema in an empty database. False if migrations are missing. Closes the connection if it throws. */
function hasCurrentSchema(connection: Libsql.Database, file: string): boolean {
  try {
    assertDurable(connection, file);
    if (isEmpty(connection)) build(connection);
    const done = migrationsOf(connection);
    refuseNewer(done, file);
    return done.length === migrationNames.length;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

// Checks that the durable settings took effect, because some SQLite builds and file systems ignore them without an error.
function assertDurable(connection: Libsql.Database, file: string): void {
  const journal = z
    .object({ journal_mode: z.string() })
    .parse(connection.prepare('PRAGMA journal_mode').get());
  const sync = z.object({ synchronous: z.number() }).parse(connection.prepare('PRAGMA synchronous').get());
  if (journal.journal_mode === 'wal' && sync.synchronous >= NORMAL) return;
  throw new OperatorError(
    `The history ${file} cannot be protected against power loss at this location.`,
    'Put the profile folder on a local file system that supports memory-mapped files (not a network share).',
  );
}

function isEmpty(connection: Libsql.Database): boolean {
  return connection.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined;
}

function build(connection: Libsql.Database): void {
  connection.transaction(() => {
    for (const statement of schemaStatements) connection.exec(statement);
  })();
}

const migrationsSchema = z.array(z.object({ name: z.string() }));

/** The names of the migrations that have been run. */
function migrationsOf(connection: Libsql.Database): readonly string[] {
  const has = connection
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'")
    .get();
  if (has === undefined) return [];
  const rows = migrationsSchema.parse(connection.prepare('SELECT name FROM migrations').all());
  return rows.map(({ name }) => name);
}

function refuseNewer(done: readonly string[], file: string): void {
  const known: ReadonlySet<string> = new Set(migrationNames);
  const unknown = done.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new OperatorError(
    `The history ${file} was written by a newer version of Partyline (it has ${unknown}).`,
    'Start the newer version, or use another --profile.',
  );
}
