import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { spawnTied } from '../../bin/children/tied.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { verifyHome } from '../../admin/verify.js';
import { trackerTables } from '../../actors/projections/tables.js';
import { derivedTables } from '../../actors/projections/derived.js';
import { type TrackerFixture, openTrackerFixture } from '../actors/tracker-fixture.js';
import { until } from '../support/until.js';
import { derivedRows, homeOf, live } from './histories.js';

const nothing = (): void => undefined;
const SEED = Date.now() % 1_000_000;

function startChild(t: ExecutionContext, name: string, file: string) {
  const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const { process: child, stdout } = spawnTied({
    words: [program, file],
    stdin: 'ignore',
    stderr: 'inherit',
  });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  t.teardown(kill);
  let output = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { said: () => output, lines: () => output.split('\n').length - 1, kill };
}

async function damage({ writer }: TrackerFixture): Promise<void> {
  await writer.write(async (sql) => {
    await sql.run("UPDATE accounts SET username = 'mallory' WHERE folded = 'person-1'");
    await sql.run('DELETE FROM memberships WHERE joined_version = 1');
    await sql.run(
      "INSERT INTO devices (device, account, enrolled_at, name) VALUES ('forged', 'forged', 1, 'x')",
    );
  });
}

test('rebuild: every table of the tracker is either derived or in this list of tables that are not', (t) => {
  const all = trackerTables.map(({ name }) => name);
  t.deepEqual(
    new Set(all),
    new Set([
      ...derivedTables,
      'whereabouts',
      'waiting',
      'blocks',
      'guarded_accounts',
      'contacts',
      'login_failures',
    ]),
  );
});

for (let count = 0; count < 5; count += 1) {
  test(`rebuild: given the random history ${SEED + count}, then intact tables stay the same and damaged ones are repaired`, async (t) => {
    const fixture = await openTrackerFixture(t);
    await live(fixture, SEED + count, 120);
    const home = homeOf(t, fixture);
    const before = await derivedRows(fixture);
    t.regex(await rebuildHome(home, nothing), / 0 rows removed or added/);
    t.deepEqual(await derivedRows(fixture), before);
    await damage(fixture);
    t.notDeepEqual(await derivedRows(fixture), before);
    await rebuildHome(home, nothing);
    t.deepEqual(await derivedRows(fixture), before);
    t.like(await verifyHome(home, nothing), { kind: 'intact' });
  });
}

test('rebuild: tables that are not derived stay unchanged', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann] = await live(fixture, 1, 20);
  await fixture.writer.write(async (sql) => {
    await sql.run("INSERT INTO whereabouts (device, addresses) VALUES (?, '[]')", [ann?.device ?? '']);
    await sql.run("INSERT INTO credentials (owner, secret) VALUES ('account', 'hash')");
    await sql.run("INSERT INTO checkpoints (name, position) VALUES ('notices', 7)");
  });
  const others = [
    'whereabouts',
    'waiting',
    'blocks',
    'guarded_accounts',
    'contacts',
    'login_failures',
    'snapshots',
    'credentials',
    'reservations',
    'receipts',
    'checkpoints',
    'log_head',
  ];
  const rows = () => Promise.all(others.map((table) => fixture.database.reads.all(`SELECT * FROM ${table}`)));
  const before = await rows();
  await rebuildHome(homeOf(t, fixture), nothing);
  t.deepEqual(await rows(), before);
});

test('rebuild: given a running tracker, then its prepared statements still work', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = await live(fixture, 2, 0);
  if (ann === undefined || ben === undefined) throw new Error('a history has people');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'before' });
  await damage(fixture);
  await rebuildHome(homeOf(t, fixture), nothing);
  t.like(await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'before' }), { phrase: 'JOIN_S' });
  t.like(await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'after' }), { phrase: 'CREATION_S' });
  t.like(await fixture.directory.accountNamed('person-1'), { username: 'person-1' });
});

test('rebuild: given another process that keeps writing, then neither process loses data', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 3, 60);
  const other = startChild(t, 'hold-writer', fixture.file);
  await until(() => other.lines() > 20, 'the other process writing');
  const home = homeOf(t, fixture);
  for (let count = 0; count < 5; count += 1) {
    await damage(fixture);
    const reached = other.lines();
    await rebuildHome(home, nothing);
    t.deepEqual(await fixture.database.reads.all("SELECT * FROM devices WHERE device = 'forged'"), []);
    await until(() => other.lines() > reached, 'the other process writing on');
    t.like(await verifyHome(home, nothing), { kind: 'intact' });
  }
  await other.kill();
  t.like(await verifyHome(home, nothing), { kind: 'intact' });
});

test('rebuild: given a kill just before the commit, then the old tables remain and the next rebuild succeeds', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 4, 60);
  const right = await derivedRows(fixture);
  await damage(fixture);
  const damaged = await derivedRows(fixture);
  const child = startChild(t, 'hold-rebuild', fixture.file);
  await until(() => child.said().includes('about to commit'), 'the rebuild being about to commit');
  t.deepEqual(await derivedRows(fixture), damaged, 'an uncommitted rebuild is not visible');
  await child.kill();
  t.deepEqual(await derivedRows(fixture), damaged);
  await rebuildHome(homeOf(t, fixture), nothing);
  t.deepEqual(await derivedRows(fixture), right);
});

test('rebuild: given a damaged log, then the rebuild fails and changes nothing', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 5, 30);
  await damage(fixture);
  await fixture.writer.write((sql) => sql.run('UPDATE events SET recorded_at = 1 WHERE position = 9'));
  const damaged = await derivedRows(fixture);
  await t.throwsAsync(rebuildHome(homeOf(t, fixture), nothing), { message: /from position 9 on/ });
  t.deepEqual(await derivedRows(fixture), damaged);
});
