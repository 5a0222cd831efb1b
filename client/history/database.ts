// Opens the history's SQLite file: durable or not at all, the schema brought up to date. Knows no query.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { invariant, messageOf, OperatorError } from '../../core/errors.js';
import { clientMigrations } from '../../migrations/client/all.js';
import { historyTables } from './tables.js';

const FULL = 2;
const LOCK_WAIT_MS = 1_000;

/** Fails with an `OperatorError` when the file cannot be opened, is no database, is a newer version's, or is not safe. */
export async function openDatabase(file: string): Promise<DataSource> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    const source = await sourceOf(file).initialize();
    try {
      await assertDurable(source, file);
      await refuseNewer(source, file);
      await source.runMigrations({ transaction: 'all' });
      return source;
    } catch (thrown) {
      await source.destroy();
      throw thrown;
    }
  } catch (thrown) {
    if (thrown instanceof OperatorError) throw thrown;
    throw new OperatorError(
      `The history ${file} cannot be opened: ${messageOf(thrown)}.`,
      'Check that the folder is yours to write; if the file is damaged, move it away and start again.',
      { cause: thrown },
    );
  }
}

function sourceOf(file: string): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: Libsql,
    database: file,
    entities: historyTables,
    migrations: [...clientMigrations],
    logging: false,
    prepareDatabase: (connection: Libsql.Database) => {
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = FULL');
      connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
    },
  });
}

// Builds and file systems may refuse the settings silently.
async function assertDurable(source: DataSource, file: string): Promise<void> {
  const [journal] = z
    .array(z.object({ journal_mode: z.string() }))
    .parse(await source.query('PRAGMA journal_mode'));
  const [sync] = z
    .array(z.object({ synchronous: z.number() }))
    .parse(await source.query('PRAGMA synchronous'));
  if (journal?.journal_mode === 'wal' && sync?.synchronous === FULL) return;
  throw new OperatorError(
    `The history ${file} cannot be kept safe against power loss where it lies.`,
    'Put it on a local file system that supports memory-mapped files (not a network share).',
  );
}

async function refuseNewer(source: DataSource, file: string): Promise<void> {
  const runner = source.createQueryRunner();
  if (!(await runner.hasTable('migrations'))) return;
  const known: ReadonlySet<string> = new Set(clientMigrations.map((migration) => new migration().name));
  const done = z
    .array(z.object({ name: z.string() }))
    .parse(await runner.query('SELECT name FROM migrations'));
  const unknown = done.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  throw new OperatorError(
    `The history ${file} was written by a newer version of Partyline (it has ${unknown.name}).`,
    'Start the newer version, or use another --profile.',
  );
}

/** The driver's own handle, for what is often done. */
export function handleOf(source: DataSource): Libsql.Database {
  const driver: DataSource['driver'] & { readonly databaseConnection?: Libsql.Database } = source.driver;
  invariant(driver.databaseConnection !== undefined, 'the driver has a connection');
  return driver.databaseConnection;
}
