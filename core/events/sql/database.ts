// The database: one writing connection, one read-only connection, and an up-to-date schema. It knows only the tables of
// the given migrations and tables.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { DataSource, type MigrationInterface } from 'typeorm';
import { messageOf, OperatorError } from '../../errors.js';
import { keepAliveSchedule, type Schedule } from '../../time/clock.js';
import { entityOf } from './entity.js';
import type { ReadSql, WriteConnection } from './sql.js';
import { codeOf, isDurable, openSqliteReader, prepareWriter, sqliteWriter } from './sqlite.js';
import type { TableDefinition } from './table.js';
import { engineTables } from './tables.js';

export interface DatabaseOptions {
  /** The path of the SQLite file. A missing file is created, readable by its owner only. */
  readonly file: string;
  /** All migrations of this database, oldest first. Pending migrations are applied when the database is opened. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** The application's tables, in addition to those of the event store. */
  readonly tables: readonly TableDefinition[];
  /** The schedule of retries while another process holds the lock; system timers by default. */
  readonly schedule?: Schedule;
}

export interface Database {
  /** Only for the writer. */
  readonly writeConnection: WriteConnection;
  /** Reads committed data only. It cannot write and never sees an open transaction. */
  readonly reads: ReadSql;
  /**
   * The statements that would turn the tables of the file into the given tables. Empty unless the migrations and the tables
   * differ.
   */
  drift(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Opens the database. Throws an `OperatorError` if the file cannot be opened, is not a database, or was written by a
 * newer version.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  try {
    return await open(options);
  } catch (thrown) {
    throw thrown instanceof OperatorError ? thrown : unusable(options.file, thrown);
  }
}

async function open(options: DatabaseOptions): Promise<Database> {
  const { file, migrations, tables, schedule = keepAliveSchedule } = options;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: Libsql,
    database: file,
    entities: [...engineTables, ...tables].map(entityOf),
    migrations: [...migrations],
    prepareDatabase: prepareWriter,
    // Disables console output: failures are thrown.
    logger: 'debug',
  });
  await source.initialize();
  try {
    const connection = handleOf(source);
    if (!isDurable(connection)) throw notDurable(file);
    await refuseNewer(source, file, migrations);
    await source.runMigrations({ transaction: 'all' });
    const reads = openSqliteReader(file);
    return {
      writeConnection: sqliteWriter(connection, schedule),
      reads,
      drift: async () =>
        (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query),
      close: async () => {
        reads.close();
        await source.destroy();
      },
    };
  } catch (thrown) {
    await source.destroy();
    throw thrown;
  }
}

function handleOf(source: DataSource): Libsql.Database {
  const driver: DataSource['driver'] & { readonly databaseConnection?: Libsql.Database } = source.driver;
  if (driver.databaseConnection === undefined) throw new TypeError('the driver has no connection');
  return driver.databaseConnection;
}

async function refuseNewer(
  source: DataSource,
  file: string,
  migrations: DatabaseOptions['migrations'],
): Promise<void> {
  const runner = source.createQueryRunner();
  if (!(await runner.hasTable('migrations'))) return;
  const known = new Set(migrations.map((migration) => new migration().name ?? migration.name));
  const done: readonly { readonly name: string }[] = await runner.query('SELECT name FROM migrations');
  const unknown = done.filter(({ name }) => !known.has(name));
  if (unknown.length === 0) return;
  throw new OperatorError(
    `The database ${file} was written by a newer version of Partyline (it contains ${unknown[0]?.name ?? ''}).`,
    'Start the newer version, or restore the copy that you made before the upgrade.',
  );
}

function notDurable(file: string): OperatorError {
  return new OperatorError(
    `The file system of the database ${file} cannot protect it against power loss.`,
    'Move the database to a local file system that supports memory-mapped files (not a network share).',
  );
}

function unusable(file: string, thrown: unknown): OperatorError {
  const options = { cause: thrown };
  if (codeOf(thrown) === 'SQLITE_NOTADB') {
    const remedy =
      'Restore the database from a backup. If no backup exists, move the file away to start with an empty log.';
    return new OperatorError(`The file ${file} is not a database.`, remedy, options);
  }
  return new OperatorError(
    `The database ${file} cannot be opened: ${messageOf(thrown)}.`,
    'Check that the folder exists, that you may write to it, and that no other tracker uses the database.',
    options,
  );
}
