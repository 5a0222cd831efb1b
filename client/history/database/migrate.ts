// Brings a history that an older version has written up to date. Loaded for that alone: TypeORM is a tenth of a terminal.
import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { clientMigrations } from '../../../migrations/client/all.js';

/** All of them or none; nobody else has the file open. Fails with the database's error. */
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
