// The tracker's database for one chat spec. Commits do not wait for the disk, because these specs lose no power.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import Libsql from 'libsql';
import { FORGET_LOG_IDENTITY } from '../../../../core/events/sql/log-identity.js';
import type { ReadConnection, WriteConnection } from '../../../../core/events/sql/sql.js';
import { openSqliteReader, prepareWriter, sqliteWriter } from '../../../../core/events/sql/sqlite.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import type { Keeper } from '../../../support/keeper.js';
import { copyTrackerTemplate } from '../../../support/tracker-template.js';

interface TrackerDatabase {
  readonly file: string;
  readonly reads: ReadConnection;
  readonly connection: WriteConnection;
}

/** Opens a new database in `folder`, or a copy of the file `source`; it closes with the spec. */
export async function openTrackerDatabase(
  t: Keeper,
  folder: string,
  source?: string,
): Promise<TrackerDatabase> {
  const file = join(folder, 'tracker.db');
  if (source === undefined) await copyTrackerTemplate(file);
  else await copyFile(source, file);
  const handle = new Libsql(file);
  prepareWriter(handle);
  handle.pragma('synchronous = OFF');
  const reads = openSqliteReader(file);
  t.teardown(() => {
    reads.close();
    handle.close();
  });
  return { file, reads, connection: sqliteWriter(handle, systemSchedule) };
}

/** Copies a database as a copy of the disk does: the copy keeps the name of the log. */
export function copyDatabase(file: string, target: string): void {
  const live = new Libsql(file, { readonly: true });
  live.prepare('VACUUM INTO ?').run([target]);
  live.close();
}

/** Copies a database as `partyline admin backup` does. */
export function backUp(file: string, target: string): void {
  copyDatabase(file, target);
  const copy = new Libsql(target);
  copy.exec(FORGET_LOG_IDENTITY);
  copy.close();
}
