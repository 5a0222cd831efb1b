// Opens the history's SQLite file: in a mode that lasts or not at all, the schema brought up to date. Knows no query.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { z } from 'zod';
import { messageOf, OperatorError } from '../../../core/errors.js';
import { migrationNames, schemaStatements } from '../../../migrations/client/schema.js';

/** The log is synced before a checkpoint, and by whoever commits. */
const NORMAL = 1;
const LOCK_WAIT_MS = 1_000;
/** 16 MiB of log. A checkpoint waits for the disk, and the program with it: seldom. */
const CHECKPOINT_PAGES = 4_000;

/** What is committed is on the disk when `Disk.synced` says so. Fails with an `OperatorError` when the file cannot be opened, is no database, is a newer version's, or is not safe. */
export async function openDatabase(file: string): Promise<Libsql.Database> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    const connection = connect(file);
    if (bringsUpToDate(connection, file)) return connection;
    connection.close();
    const { migrate } = await import('./migrate.js');
    await migrate(file);
    return connect(file);
  } catch (thrown) {
    if (thrown instanceof OperatorError) throw thrown;
    throw new OperatorError(
      `The history ${file} cannot be opened: ${messageOf(thrown)}.`,
      'Check that the folder is yours to write; if the file is damaged, move it away and start again.',
      { cause: thrown },
    );
  }
}

function connect(file: string): Libsql.Database {
  const connection = new Libsql(file);
  connection.pragma('foreign_keys = ON');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
  return connection;
}

/** False when it takes migrations to do it. */
function bringsUpToDate(connection: Libsql.Database, file: string): boolean {
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

// Builds and file systems may refuse the settings silently.
function assertDurable(connection: Libsql.Database, file: string): void {
  const journal = z
    .object({ journal_mode: z.string() })
    .parse(connection.prepare('PRAGMA journal_mode').get());
  const sync = z.object({ synchronous: z.number() }).parse(connection.prepare('PRAGMA synchronous').get());
  if (journal.journal_mode === 'wal' && sync.synchronous >= NORMAL) return;
  throw new OperatorError(
    `The history ${file} cannot be kept safe against power loss where it lies.`,
    'Put it on a local file system that supports memory-mapped files (not a network share).',
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

/** The names of those that were run. */
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
