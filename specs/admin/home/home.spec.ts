import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { withHome } from '../../../admin/home.js';
import { rehearse } from '../../../admin/rehearsal/rehearse.js';
import { readStats } from '../../../admin/stats.js';
import { verifyHome } from '../../../admin/verify.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { OperatorError } from '../../../core/errors.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { temporaryFolder } from '../../support/folder.js';

const migrations = trackerMigrations.map((Migration) => new Migration().name);
const nothing = (): void => undefined;

/** A home with keys and the database of a tracker fixture with one account, changed by `statement`. */
async function homeWith(t: ExecutionContext, statement: string): Promise<string> {
  const fixture = await openTrackerFixture(t);
  await fixture.enrolled('Ann');
  const home = await temporaryFolder(t);
  await openKeyring(home);
  const database = new Libsql(fixture.file);
  database.prepare('VACUUM INTO ?').run([join(home, 'tracker.db')]);
  database.close();
  const copy = new Libsql(join(home, 'tracker.db'));
  copy.exec(statement);
  copy.close();
  return home;
}

const operator = (message: RegExp) => ({ instanceOf: OperatorError, message });

test('home: given no keys, then opening fails and creates none', async (t) => {
  const home = await temporaryFolder(t);
  await writeFile(join(home, 'tracker.db'), '');
  const opening = withHome({ home, migrations, access: 'look' }, async () => nothing());
  await t.throwsAsync(opening, operator(/keys\.json: not found/));
  t.deepEqual(await readdir(home), ['tracker.db']);
});

test('home: given a file that is not a database, then opening fails with an operator error', async (t) => {
  const home = await temporaryFolder(t);
  await openKeyring(home);
  await writeFile(join(home, 'tracker.db'), 'this is no database, whatever its name says');
  await t.throwsAsync(
    withHome({ home, migrations, access: 'look' }, readStats),
    operator(/cannot be read: .*not a database/),
  );
});

test('home: given a database of another version, then opening fails', async (t) => {
  const home = await homeWith(t, "INSERT INTO migrations (timestamp, name) VALUES (9, 'Later9')");
  await t.throwsAsync(withHome({ home, migrations, access: 'look' }, readStats), operator(/another version/));
});

test('home: given a database of an earlier version, then only work on its events opens it', async (t) => {
  const home = await homeWith(t, 'DELETE FROM migrations WHERE id = (SELECT MAX(id) FROM migrations)');
  await t.throwsAsync(
    withHome({ home, migrations, access: 'look' }, readStats),
    operator(/an earlier version/),
  );
  const done = await withHome({ home, migrations, access: 'look at an older home' }, ({ reader }) =>
    rehearse(reader, Number.POSITIVE_INFINITY, nothing),
  );
  t.like(done, { events: 2, commands: 1, mismatches: 0 });
  const newer = await homeWith(t, "INSERT INTO migrations (timestamp, name) VALUES (9, 'Later9')");
  await t.throwsAsync(
    withHome({ home: newer, migrations, access: 'look at an older home' }, readStats),
    operator(/another version/),
  );
});

test('home: given a database without a required table, then the command fails with an operator error', async (t) => {
  const home = await homeWith(t, 'DROP TABLE events');
  const work = withHome({ home, migrations, access: 'look' }, (opened) => verifyHome(opened, nothing));
  await t.throwsAsync(work, operator(/cannot be read: no such table/));
});

test('home: given a head that another key signed, then verification fails', async (t) => {
  const home = await homeWith(t, 'SELECT 1');
  const result = await withHome({ home, migrations, access: 'look' }, (opened) =>
    verifyHome(opened, nothing),
  );
  t.like(result, { kind: 'broken', position: 2 });
});
