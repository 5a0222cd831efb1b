import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { openDatabase } from '../../core/events/sql/database.js';
import { replaceFile } from '../../core/files.js';
import { lockFolder } from '../../core/lock.js';
import { createLog } from '../../core/log.js';
import { openHistory } from '../../client/history/history.js';
import { keepAliveSchedule, systemClock } from '../../core/time/clock.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { temporaryFolder } from '../support/folder.js';

/** Each writer of files in a home or a profile. */
const writers: Readonly<Record<string, (folder: string) => Promise<unknown>>> = {
  'the lock and the process id': async (folder) => {
    const locking = await lockFolder(folder, 'tracker.pid');
    return 'lock' in locking ? locking.lock : null;
  },
  'a log': async (folder) => createLog({ file: join(folder, 'tracker.log') }).info('hello'),
  'the keys': (folder) => openKeyring(folder),
  'a small file, such as the invite': (folder) => replaceFile(join(folder, 'invite'), 'partyline://\n'),
  'the database of a tracker': (folder) =>
    openDatabase({ file: join(folder, 'tracker.db'), migrations: trackerMigrations, tables: [] }),
  'the history of a terminal': (folder) =>
    openHistory({ file: join(folder, 'history.db'), clock: systemClock, schedule: keepAliveSchedule }),
};

for (const [what, write] of Object.entries(writers)) {
  test(`private files: given the usual umask, then only the owner can read ${what}`, async (t) => {
    const folder = await temporaryFolder(t);
    await write(folder);
    const names = await readdir(folder);
    t.true(names.length > 0);
    for (const name of names) t.is((await stat(join(folder, name))).mode & 0o077, 0, name);
  });
}
