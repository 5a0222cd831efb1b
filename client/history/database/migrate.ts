// The migration of a history that an older version has written. It is loaded only when needed, because TypeORM takes about a
// tenth of the memory of a terminal.
import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { clientMigrations } from '../../../migrations/client/all.js';

/**
 * Runs all pending migrations in one transaction. No other connection may have the file open. Rejects with the database's error.
 */
export async function migrate(file: string): Promise<void> {
  const source = await new DataSource({
    type: 'better-sqlite3',
    driver: Libsql,
    database: file,
    migrations: [...clientMigrations],
    logging: false,
    prepareDatabase: (connection: Libsql.Database) => {
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = FULL');
    },
  }).initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
  } finally {
    await source.destroy();
  }
}
