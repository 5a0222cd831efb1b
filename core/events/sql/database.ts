// Opens the database: one connection that writes, one that only reads, the schema brought up to date. It knows the
// tables only by the migrations and entities that it is given.
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
  /** The path of the SQLite file; made, readable by its owner only, if absent. */
  readonly file: string;
  /** All migrations of this database, oldest first; run here as far as they have not been. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** The application's tables beside the engine's. */
  readonly entities: readonly EntitySchema[];
  /** For the waits on another process's lock; the system's timers if not set. */
  readonly schedule?: Schedule;
}

export interface Database {
  /** For the one writer alone. */
  readonly writeConnection: WriteConnection;
  /** Reads what is committed; it cannot write and never sees an open transaction. */
  readonly reads: ReadSql;
  /** The same connection as TypeORM has it, for lookups that need not be fast. */
  readonly reader: DataSource;
  /** The statements by which the tables differ from the entities; empty unless migrations and code disagree. */
  drift(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Fails with an `OperatorError` when the file cannot be opened, is no database, or is a newer version's. */
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
    // Not on the console: what fails is thrown.
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
    `The database ${file} was written by a newer version of Partyline (it has ${unknown[0]?.name ?? ''}).`,
    'Start the newer version, or restore the copy that you made before the upgrade.',
  );
}

function notDurable(file: string): OperatorError {
  return new OperatorError(
    `The database ${file} cannot be kept safe against power loss where it lies.`,
    'Put it on a local file system that supports memory-mapped files (not a network share).',
  );
}

function unusable(file: string, thrown: unknown): OperatorError {
  const options = { cause: thrown };
  if (codeOf(thrown) === 'SQLITE_NOTADB') {
    const remedy = 'Restore it from a backup; or move it away, which begins an empty log.';
    return new OperatorError(`The file ${file} is not a database.`, remedy, options);
  }
  return new OperatorError(
    `The database ${file} cannot be opened: ${messageOf(thrown)}.`,
    'Check that the folder exists and is yours to write, and that no other tracker uses it.',
    options,
  );
}
