// A tracker's home on the disk, without a tracker: a moderated history, and rows in the tables that no event holds.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { type AdminHome, withHome } from '../../../admin/home.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { fillRoom } from '../../../bench/log.js';
import { systemIds } from '../../../core/ids.js';
import { openTrackerFixture, type TrackerFixture } from '../../actors/tracker-fixture.js';
import { key } from '../../core/events/samples.js';
import { temporaryFolder } from '../../support/folder.js';
import { moderated } from '../histories.js';

export const migrations = trackerMigrations;
const SEED = 5;
const names = migrations.map((Migration) => new Migration().name);

/** Opens a home for `work` as the commands do. */
export const inHome = <T>(
  home: string,
  work: (home: AdminHome) => Promise<T>,
  access: 'look' | 'change' = 'look',
): Promise<T> => withHome({ home, migrations: names, access }, work);

/** Makes `folder` a home with the database of a fixture and the key that signed its log. */
export async function storeHome(fixture: TrackerFixture, folder: string): Promise<string> {
  await openKeyring(folder);
  const keys = join(folder, 'keys.json');
  const ring: object = JSON.parse(await readFile(keys, 'utf8'));
  await writeFile(keys, JSON.stringify({ ...ring, signing: key.seed.toString('hex') }));
  await fixture.database.writeConnection.all('PRAGMA wal_checkpoint(TRUNCATE)');
  const file = join(folder, 'tracker.db');
  await copyFile(fixture.file, file);
  // Without a write-ahead log: this process would keep its index open, which no other process does.
  const database = new Libsql(file);
  database.pragma('journal_mode = DELETE');
  database.close();
  return folder;
}

/** Runs statements on the database of a home. */
export function change(home: string, ...statements: readonly (readonly [string, ...unknown[]])[]): void {
  const database = new Libsql(join(home, 'tracker.db'));
  for (const [statement, ...values] of statements) database.prepare(statement).run(values);
  database.close();
}

/** All rows of all tables but the snapshots, which are a cache. */
export function allRows(home: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new Libsql(join(home, 'tracker.db'), { readonly: true });
  const tables = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('snapshots', 'migrations')",
    )
    .all() as { name: string }[];
  const rows = tables.map(({ name }) => {
    const all = database.prepare(`SELECT * FROM "${name}"`).all();
    return [name, all.map((row) => JSON.stringify(row)).toSorted()] as const;
  });
  database.close();
  return Object.fromEntries(rows);
}

/** A home with `steps` random commands of every kind, and a room with some more events. */
export async function openStoredHome(t: ExecutionContext, steps: number, roomEvents = 0): Promise<string> {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, SEED, steps);
  if (roomEvents > 0) await fillRoom(fixture.store, `room-${systemIds.next()}`, [], roomEvents);
  const home = await storeHome(fixture, await temporaryFolder(t));
  const [{ account, device }, other] = rowsOf(home);
  change(
    home,
    ['INSERT OR IGNORE INTO log_identity VALUES (1, ?, ?)', 'ab'.repeat(16), 1_700_000_000_000],
    ['INSERT OR IGNORE INTO whereabouts VALUES (?, ?, ?)', device, '["198.51.100.7:4000"]', 1],
    ['INSERT OR IGNORE INTO login_failures VALUES (?, ?, 2, 3, NULL)', 'person-0', '198.51.100.7'],
    ['INSERT OR IGNORE INTO blocks VALUES (?, ?, 4)', account, other.account],
    ['INSERT OR IGNORE INTO contacts VALUES (?, ?, 4)', account, other.account],
    ['INSERT OR IGNORE INTO guarded_accounts VALUES (?, 4)', account],
    ['INSERT OR IGNORE INTO waiting VALUES (?, ?, ?)', other.account, device, account],
    ['INSERT OR IGNORE INTO credentials VALUES (?, ?)', account, '$2b$10$secret'],
    [
      'INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, 5)',
      device,
      'command',
      'digest',
      '{"name":"person-0"}',
    ],
    ['INSERT OR IGNORE INTO checkpoints VALUES (?, 7)', 'notices'],
    [
      'INSERT OR IGNORE INTO stopped_streams VALUES (?, ?, 1, 1, ?)',
      'notices',
      `account-${account}`,
      'it cannot be read',
    ],
  );
  return home;
}

interface Enrolled {
  readonly account: string;
  readonly device: string;
}

/** Two devices of two accounts. */
function rowsOf(home: string): [Enrolled, Enrolled] {
  const database = new Libsql(join(home, 'tracker.db'), { readonly: true });
  const rows = database
    .prepare('SELECT account, device FROM devices GROUP BY account ORDER BY account LIMIT 2')
    .all();
  database.close();
  return rows as [Enrolled, Enrolled];
}
