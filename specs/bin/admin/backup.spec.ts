// Backups of homes in use, and restores from them.
import { mkdir, readdir, rm, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Database from 'libsql';
import { copyHome } from '../../../bin/admin/backup.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { OperatorError } from '../../../core/errors.js';
import { GENESIS, type Head, headText, verifyChain } from '../../../core/events/chain.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter } from '../../../core/events/sql/writer.js';
import { isSignedBy } from '../../../core/keys.js';
import { isSuccess } from '../../../core/protocol/status.js';
import { parseInvite } from '../../../core/protocol/invite.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { trackerTables } from '../../../actors/projections/tables.js';
import { enter, guestOf, openTracker } from '../../actors/deployment.js';
import { handClock } from '../../core/events/samples.js';
import { type Device, openGuest } from '../../support/device.js';
import { temporaryFolder } from '../../support/folder.js';
import { openStage, run } from '../../support/processes/tracker-process.js';
import { until } from '../../support/until.js';

const PEOPLE = ['ann', 'ben', 'cat', 'dan'];

test('backup: given load, when a backup is restored, then the tracker starts, knows every account, and continues an unbroken log', async (t) => {
  const stage = await openStage(t);
  const parsed = parseInvite(stage.invite);
  if (!('invite' in parsed)) return t.fail(parsed.refusal);
  const { invite } = parsed;
  const devices = await Promise.all(
    PEOPLE.map(async (name) => {
      const guest = await openGuest(invite);
      const device = await guest.become(await guest.enter('register', name));
      t.teardown(() => device.close());
      await guest.close();
      return device;
    }),
  );
  const load = startLoad(devices);
  await until(() => load.done() > 50, 'there is load');
  const target = join(stage.folder, 'backups', 'monday');
  const before = load.done();
  const backup = await run(['admin', 'backup', target, '--home', stage.home]);
  t.is(backup.code, 0, backup.errors);
  t.regex(backup.lines.join('\n'), /the log ends at position \d+, hash [0-9a-f]{64}/);
  await until(() => load.done() > before + 50, 'the tracker keeps running');
  await load.stop();
  t.is(await stage.tracker().stop('SIGTERM'), 0);

  await t.notThrowsAsync(closedToOthers(target));
  const home = join(stage.folder, 'restored');
  const restored = await run(['admin', 'restore', target, '--home', home]);
  t.is(restored.code, 0, restored.errors);
  t.deepEqual(restored.lines[1], backup.lines[1], 'the same log');
  const tracker = await openTracker(t, { home });
  t.is(tracker.invite, stage.invite, 'terminals find it with their stored invite');
  for (const name of PEOPLE) {
    const guest = await guestOf(t, tracker);
    t.is((await guest.authenticate('login', name)).phrase, 'LOGIN_SUCCESSFUL', name);
  }
  const eve = await enter(t, tracker, 'eve');
  t.is((await eve.command('chatroom', { operation: 'CREATE', name: 'afterwards' })).phrase, 'CREATION_S');
  await tracker.stop();

  t.notDeepEqual(identityIn(home), identityIn(stage.home), 'terminals recognise the other log');
  const head = await verifiedHead(t, home);
  const backedUp = Number(/position (\d+)/.exec(backup.lines[1] ?? '')?.[1]);
  t.true(backedUp > 50 && head.position > backedUp);
});

test('backup: given a home that is not in use, then its copy is the same home, and only its owner can read it', async (t) => {
  const tracker = await openTracker(t);
  await enter(t, tracker, 'Ann');
  await tracker.stop();
  await writeFile(join(tracker.home, 'tls.pem'), 'a file of a later version', { mode: 0o644 });
  const target = join(await temporaryFolder(t), 'copy');
  await mkdir(target);
  const { folder, head } = await copyHome(tracker.home, target);
  t.is(folder, target);
  t.deepEqual((await readdir(target, { recursive: true })).toSorted(), [
    'broker',
    'broker/port',
    'invite',
    'keys.json',
    'tls.pem',
    'tracker.db',
  ]);
  await t.notThrowsAsync(closedToOthers(target));
  t.like(await verifiedHead(t, target), head);
});

test('backup: given a target in use, a target inside the home, or a folder that is not a home, then it reports the problem and writes nothing', async (t) => {
  const tracker = await openTracker(t);
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'mine'), 'a file of somebody else');
  const refusals: readonly (readonly [from: string, to: string, message: RegExp])[] = [
    [tracker.home, folder, /is not empty/],
    [tracker.home, join(tracker.home, 'backups'), /is inside /],
    [
      folder,
      join(folder, 'copy'),
      /neither a tracker's home nor a backup of one: it has no tracker.db and no keys.json/,
    ],
    [tracker.home, join(folder, 'mine', 'copy'), /cannot be read/],
  ];
  for (const [from, to, message] of refusals) {
    await t.throwsAsync(copyHome(from, to), { instanceOf: OperatorError, message });
  }
  t.deepEqual(await readdir(folder), ['mine']);
});

test('backup: given a file that is not a database, then the error names that, not a failed write', async (t) => {
  const tracker = await openTracker(t);
  await tracker.stop();
  // All data of a new database may still be in its write-ahead log.
  await rm(join(tracker.home, 'tracker.db-wal'), { force: true });
  await writeFile(join(tracker.home, 'tracker.db'), 'this is no database, whatever its name says');
  const folder = await temporaryFolder(t);
  await t.throwsAsync(copyHome(tracker.home, join(folder, 'copy')), {
    instanceOf: OperatorError,
    message: /cannot be copied correctly: file is not a database/,
  });
  t.deepEqual(await readdir(folder), []);
});

test('backup: given a log whose end was changed, then no unfinished copy is left behind', async (t) => {
  const tracker = await openTracker(t);
  await enter(t, tracker, 'Ann');
  await tracker.stop();
  const folder = await temporaryFolder(t);
  const change = (statement: string): void => {
    const database = new Database(join(tracker.home, 'tracker.db'));
    database.exec(statement);
    database.close();
  };
  change(`UPDATE log_head SET signature = '${'A'.repeat(86)}'`);
  const copy = () => copyHome(tracker.home, join(folder, 'copy'));
  await t.throwsAsync(copy(), { instanceOf: OperatorError, message: /not signed by the keys/ });
  change('DELETE FROM events WHERE position = (SELECT max(position) FROM events)');
  await t.throwsAsync(copy(), { instanceOf: OperatorError, message: /does not end at its head/ });
  t.deepEqual(await readdir(folder), []);
});

/** Each device creates rooms, one after the other. */
function startLoad(devices: readonly Device[]) {
  let done = 0;
  const ending = new AbortController();
  const lanes = devices.map(async (device, lane) => {
    for (let turn = 0; !ending.signal.aborted; turn += 1) {
      const name = `room-${lane}-${turn % 40}`;
      const operation = turn % 80 < 40 ? 'CREATE' : 'QUIT';
      const { status, message } = await device.ask('chatroom', 'ChatRoom', { operation, name });
      if (!isSuccess(status)) throw new Error(message);
      done += 1;
    }
  });
  return {
    done: () => done,
    async stop() {
      ending.abort();
      await Promise.all(lanes);
    },
  };
}

async function closedToOthers(folder: string): Promise<void> {
  const paths = ['.', ...(await readdir(folder, { recursive: true }))];
  for (const path of paths) {
    const { mode } = await stat(join(folder, path));
    if ((mode & 0o077) !== 0) throw new Error(`${path} has the mode ${mode.toString(8)}`);
  }
}

/** The end of a home's log. Its whole chain and its signature are checked first. */
async function verifiedHead(t: ExecutionContext, home: string): Promise<Head> {
  const file = join(home, 'tracker.db');
  const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  try {
    const store = createSqlStore({
      reads: database.reads,
      writer: createWriter({ connection: database.writeConnection, signHead: () => '' }),
      clock: handClock(),
      newSalt: () => '',
      projections: [],
    });
    const head = await store.head();
    const rows = await store.readRows({ fromPosition: 1, limit: head.position + 1 });
    t.like(verifyChain(GENESIS, rows), {
      kind: 'intact',
      head: { position: head.position, hash: head.hash },
    });
    const { signing } = await openKeyring(home);
    t.true(isSignedBy(signing.publicKey, headText(head), Buffer.from(head.signature, 'base64url')));
    t.is((await readFile(join(home, 'invite'), 'utf8')).startsWith('partyline://'), true);
    return head;
  } finally {
    await database.close();
  }
}

/** The identity of the log in a home. */
function identityIn(home: string): unknown {
  const database = new Database(join(home, 'tracker.db'), { readonly: true });
  try {
    return database.prepare('SELECT identity FROM log_identity').get();
  } finally {
    database.close();
  }
}
