// The tracker's database for one chat spec: a copy of a file that each process migrates once.
// Commits do not wait for the disk, because these specs lose no power.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { trackerTables } from '../../../../actors/projections/tables.js';
import { openDatabase } from '../../../../core/events/sql/database.js';
import type { ReadConnection, WriteConnection } from '../../../../core/events/sql/sql.js';
import { openSqliteReader, prepareWriter, sqliteWriter } from '../../../../core/events/sql/sqlite.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import { trackerMigrations } from '../../../../migrations/tracker/all.js';
import type { Keeper } from '../../../support/keeper.js';

interface TrackerDatabase {
  readonly reads: ReadConnection;
  readonly connection: WriteConnection;
}

let template: Promise<string> | undefined;

/** Opens a new database in `folder`; it closes with the spec. */
export async function openTrackerDatabase(t: Keeper, folder: string): Promise<TrackerDatabase> {
  template ??= migrateTemplate();
  const file = join(folder, 'tracker.db');
  copyFileSync(await template, file);
  const handle = new Libsql(file);
  prepareWriter(handle);
  handle.pragma('synchronous = OFF');
  const reads = openSqliteReader(file);
  t.teardown(() => {
    reads.close();
    handle.close();
  });
  return { reads, connection: sqliteWriter(handle, systemSchedule) };
}

async function migrateTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'tracker.db');
  const database = await openDatabase({ file, migrations: trackerMigrations, entities: trackerTables });
  // The copies are made of this file alone, without its write-ahead log.
  await database.writeConnection.all('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.close();
  return file;
}
