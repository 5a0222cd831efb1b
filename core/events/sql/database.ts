// The database: one writing connection, one read-only connection, and an up-to-date schema. It knows only the tables of
// the given migrations and entities.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import { messageOf, OperatorError } from '../../errors.js';
import { keepAliveSchedule, type Schedule } from '../../time/clock.js';
import type { ReadSql, WriteConnection } from './sql.js';
import { codeOf, isDurable, prepareReader, prepareWriter, sqliteReads, sqliteWriter } from './sqlite.js';
import { engineTables } from './tables.js';

export interface DatabaseOptions {
  /** The path of the SQLite file. A missing file is created, readable by its owner only. */
  readonly file: string;
  /** All migrations of this database, oldest first. Pending migrations run here. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** The application's tables, in addition to those of the event store. */
  readonly entities: readonly EntitySchema[];
  /** The schedule of retries while another process holds the lock; system timers by default. */
  readonly schedule?: Schedule;
}

export interface Database {
  /** Only for the writer. */
  readonly writeConnection: WriteConnection;
  /** Reads committed data only. It cannot write and never sees an open transaction. */
  readonly reads: ReadSql;
  /** The same read connection for TypeORM, for lookups that need not be fast. */
  readonly reader: DataSource;
  /**
   * The statements that would turn the tables into those of the entities. Empty unless the migrations and the entities
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
  const { file, migrations, entities, schedule = keepAliveSchedule } = options;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const common = {
    type: 'better-sqlite3',
    driver: Libsql,
    database: file,
    entities: [...engineTables, ...entities],
    // Disables console output: failures are thrown.
    logger: 'debug',
  } satisfies DataSourceOptions;
  const source = new DataSource({ ...common, migrations: [...migrations], prepareDatabase: prepareWriter });
  const reader = new DataSource({ ...common, prepareDatabase: prepareReader });
  await source.initialize();
  try {
    const connection = handleOf(source);
    if (!isDurable(connection)) throw notDurable(file);
    await refuseNewer(source, file, migrations);
    await source.runMigrations({ transaction: 'all' });
    await reader.initialize();
    return {
      writeConnection: sqliteWriter(connection, schedule),
      reads: sqliteReads(handleOf(reader)),
      reader,
      drift: async () =>
        (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query),
      close: async () => {
        await reader.destroy();
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
      'Restore it from a backup. If you have none, move the file away to start with an empty log.';
    return new OperatorError(`The file ${file} is not a database.`, remedy, options);
  }
  return new OperatorError(
    `The database ${file} cannot be opened: ${messageOf(thrown)}.`,
    'Check that the folder exists, that you may write to it, and that no other tracker uses the database.',
    options,
  );
}
