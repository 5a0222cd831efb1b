// The home of an earlier version, as the commands see it that only look.
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { withHome } from '../../../admin/home.js';
import { createLook } from '../../../admin/look.js';
import { createReplay } from '../../../admin/replay/replay.js';
import { showAccount } from '../../../admin/show/account.js';
import { showRoom } from '../../../admin/show/room.js';
import { readStats } from '../../../admin/stats.js';
import { OperatorError } from '../../../core/errors.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { change, openStoredHome } from '../archive/stored-home.js';

const migrations = trackerMigrations.map((Migration) => new Migration().name);
/** The migration that made renamed accounts possible. */
const RENAMES = 1_767_225_650_000;

async function digestsIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async (name) => `${name} ${hash('sha256', await readFile(join(folder, name)))}`),
  );
}

test('home: given a database from before accounts could be renamed, then show and replay work on it and change no file', async (t) => {
  const home = await openStoredHome(t, 40);
  change(
    home,
    ['ALTER TABLE accounts DROP COLUMN named_at'],
    ['DELETE FROM migrations WHERE timestamp >= ?', RENAMES],
  );
  const before = await digestsIn(home);
  await withHome({ home, migrations, access: 'look at an older home' }, async ({ reader }) => {
    const look = createLook(reader);
    const end = await look.end();
    const point = await look.pointAt();
    const account = await look.resolver.resolveAccount('person-1', end);
    t.like(await showAccount(look, account, point), { kind: 'account', state: 'active' });
    const room = await look.resolver.resolveRoom('lobby', 12);
    t.like(await showRoom(look, room, point), { kind: 'room', id: room.stream });
    const replay = createReplay(look, null, { after: 0, upTo: end });
    for await (const slice of replay.slices()) t.true(slice.length > 0);
    t.like(replay.summary(), { events: end, stopped: [] });
  });
  t.deepEqual(await digestsIn(home), before);
});

test('home: given a database of an earlier version, when a command needs the tables of this version, then the refusal has the commands that update a copy', async (t) => {
  const home = await openStoredHome(t, 1);
  change(home, ['DELETE FROM migrations WHERE timestamp >= ?', RENAMES]);
  const error = await t.throwsAsync(withHome({ home, migrations, access: 'look' }, readStats), {
    instanceOf: OperatorError,
    message: /was last used by an earlier version of Partyline/,
  });
  t.regex(error instanceof OperatorError ? error.remedy : '', /admin backup COPY.*up --home COPY/);
});
