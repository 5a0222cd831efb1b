// The read-only commands of `partyline admin` change no file of a home, whether its tracker was stopped or killed.
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { administer } from '../../../admin/administration/administration.js';
import { renameAccount } from '../../../admin/administration/tasks.js';
import { diffAll } from '../../../admin/diff/diff.js';
import { type AdminHome, withHome } from '../../../admin/home.js';
import { readHistory } from '../../../admin/log/history.js';
import { createLook } from '../../../admin/look.js';
import { rehearse } from '../../../admin/rehearsal/rehearse.js';
import { bisect } from '../../../admin/bisect/bisect.js';
import { parseCondition } from '../../../admin/bisect/condition.js';
import { createHistory } from '../../../admin/rehearsal/what-if/source.js';
import { createWhatIf } from '../../../admin/rehearsal/what-if/what-if.js';
import { createReplay } from '../../../admin/replay/replay.js';
import { showAccount } from '../../../admin/show/account.js';
import { showRoom } from '../../../admin/show/room.js';
import { readStats } from '../../../admin/stats.js';
import { readTimeline } from '../../../admin/succession/timeline.js';
import { readTrace } from '../../../admin/trace/trace.js';
import { verifyHome } from '../../../admin/verify.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { systemIds } from '../../../core/ids.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { temporaryFolder } from '../../support/folder.js';
import { moderated } from '../histories.js';

const migrations = trackerMigrations.map((Migration) => new Migration().name);
const fixedClock = { now: () => Date.UTC(2030, 0, 1) };
const WHOLE = { after: 0, upTo: Number.POSITIVE_INFINITY };

async function contentsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).toSorted();
  const digest = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await digest(name)] as const)),
  );
}

/** Two homes with the same log: of a tracker that was stopped, and of one that was killed. */
async function homes(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, 31, 60);
  const [stopped, killed] = [await temporaryFolder(t), await temporaryFolder(t)];
  await openKeyring(stopped);
  await copyFile(join(stopped, 'keys.json'), join(killed, 'keys.json'));
  for (const end of ['', '-wal', '-shm'])
    await copyFile(`${fixture.file}${end}`, join(killed, `tracker.db${end}`));
  const source = new Libsql(fixture.file);
  source.prepare('VACUUM INTO ?').run([join(stopped, 'tracker.db')]);
  source.close();
  return { stopped, killed };
}

const looking: Readonly<Record<string, (home: AdminHome) => Promise<unknown>>> = {
  log: async ({ reader }) => {
    const { signal } = new AbortController();
    const events = readHistory(reader, { span: WHOLE, follow: false, signal, schedule: keepAliveSchedule });
    let count = 0;
    for await (const _ of events) count += 1;
    return count;
  },
  show: async ({ reader }) => {
    const look = createLook(reader);
    const at = await look.pointAt();
    const room = await look.resolver.resolveRoom('lobby', 20);
    return [
      await showRoom(look, room, at),
      await showAccount(look, await look.resolver.resolveAccount('person-0', 0), at),
    ];
  },
  'who-led': async ({ reader }) => {
    const look = createLook(reader);
    return readTimeline(look, await look.resolver.resolveRoom('lobby', 20), await look.pointAt());
  },
  diff: async ({ reader }) => {
    const diffs = [];
    for await (const diff of diffAll(createLook(reader), 5, 40)) diffs.push(diff);
    return diffs;
  },
  trace: async ({ reader }) => readTrace(createLook(reader), '20'),
  replay: async ({ reader }) => {
    const replay = createReplay(createLook(reader), null, WHOLE);
    for await (const _ of replay.slices());
    return replay.summary();
  },
  rehearse: async ({ reader }) => rehearse(reader, Number.POSITIVE_INFINITY, () => undefined),
  'a dry run': async (home) => {
    const parts = { home, migrations: trackerMigrations, clock: fixedClock, ids: systemIds };
    const reason = 'spam';
    const { events, people } = await administer(parts, renameAccount('person-0', 'elsewhere', reason), true);
    const rows = events.map(({ position, type, personal }) => ({ position, type, personal }));
    return [...rows, ...people];
  },
  bisect: async ({ reader }) => {
    const look = createLook(reader);
    const room = await look.resolver.resolveRoom('lobby', 20);
    return bisect(look, room, parseCondition('size(members) > 0', 'room'), 40);
  },
  'what-if': async ({ reader }) => {
    const changes = { drops: new Set([5]), inserts: [], rules: {} };
    const whatIf = createWhatIf(createHistory(createLook(reader), 40), changes);
    const rulings = [];
    for await (const ruling of whatIf.rulings()) rulings.push(ruling);
    return rulings;
  },
  stats: readStats,
  verify: async (home) => verifyHome(home, () => undefined),
};

for (const [name, work] of Object.entries(looking)) {
  test(`${name}: no file of a home appears, changes or disappears, whether its tracker was stopped or killed`, async (t) => {
    const found = [];
    for (const home of Object.values(await homes(t))) {
      const before = await contentsOf(home);
      found.push(await withHome({ home, migrations, access: 'look' }, work));
      t.deepEqual(await contentsOf(home), before, home);
    }
    if (name !== 'stats') t.deepEqual(found[0], found[1]);
    t.truthy(found[0]);
  });
}
