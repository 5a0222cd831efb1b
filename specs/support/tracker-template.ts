// The template of a tracker's database: an empty database with all migrations. Each process migrates it once and copies it,
// because the migrations take longer than most specs.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../core/events/sql/database.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';

let template: Promise<string> | undefined;

/** Makes the new file `file` a tracker's empty database. */
export async function copyTrackerTemplate(file: string): Promise<void> {
  template ??= migrateTemplate();
  copyFileSync(await template, file);
}

async function migrateTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'tracker.db');
  const database = await openDatabase({ file, migrations: trackerMigrations, tables: [] });
  // The copies are made of this file alone, without its write-ahead log.
  await database.writeConnection.all('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.close();
  return file;
}
