import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { rebuildHome } from '../../admin/rebuild.js';
import { verifyHome } from '../../admin/verify.js';
import { trackerTables } from '../../actors/projections/tables.js';
import { derivedTables } from '../../actors/projections/derived.js';
import { type Office, openOffice } from '../actors/tracker-fixture.js';
import { until } from '../support/until.js';
import { derivedRows, homeOf, live } from './histories.js';

const nothing = (): void => undefined;
const SEED = Date.now() % 1_000_000;

function startChild(t: ExecutionContext, name: string, file: string) {
  const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  t.teardown(kill);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { said: () => output, lines: () => output.split('\n').length - 1, kill };
}

async function damage({ writer }: Office): Promise<void> {
  await writer.write(async (sql) => {
    await sql.run("UPDATE accounts SET username = 'mallory' WHERE folded = 'person-1'");
    await sql.run('DELETE FROM memberships WHERE joined_version = 1');
    await sql.run(
      "INSERT INTO devices (device, account, enrolled_at, name) VALUES ('forged', 'forged', 1, 'x')",
    );
  });
}

test('rebuild: every table of the tracker is derived, or is named here as one that is not', (t) => {
  const all = trackerTables.map(({ options }) => options.tableName);
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
  test(`rebuild: given the random history ${SEED + count}, then nothing changes; given damage, then it is gone`, async (t) => {
    const office = await openOffice(t);
    await live(office, SEED + count, 120);
    const home = homeOf(t, office);
    const before = await derivedRows(office);
    t.regex(await rebuildHome(home, nothing), / 0 rows taken out or put in/);
    t.deepEqual(await derivedRows(office), before);
    await damage(office);
    t.notDeepEqual(await derivedRows(office), before);
    await rebuildHome(home, nothing);
    t.deepEqual(await derivedRows(office), before);
    t.like(await verifyHome(home, nothing), { kind: 'intact' });
  });
}

test('rebuild: what is not derived stays as it is', async (t) => {
  const office = await openOffice(t);
  const [ann] = await live(office, 1, 20);
  await office.writer.write(async (sql) => {
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
  const rows = () =>
    Promise.all(others.map((table) => office.database.reader.query(`SELECT * FROM ${table}`)));
  const before = await rows();
  await rebuildHome(homeOf(t, office), nothing);
  t.deepEqual(await rows(), before);
});

test('rebuild: given a tracker that works on, then its statements still hold', async (t) => {
  const office = await openOffice(t);
  const [ann, ben] = await live(office, 2, 0);
  if (ann === undefined || ben === undefined) throw new Error('a history has people');
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'before' });
  await damage(office);
  await rebuildHome(homeOf(t, office), nothing);
  t.like(await office.ask.rooms(ben, { operation: 'JOIN', name: 'before' }), { phrase: 'JOIN_S' });
  t.like(await office.ask.rooms(ann, { operation: 'CREATE', name: 'after' }), { phrase: 'CREATION_S' });
  t.like(await office.directory.accountNamed('person-1'), { username: 'person-1' });
});

test('rebuild: given another process that keeps writing, then neither loses anything', async (t) => {
  const office = await openOffice(t);
  await live(office, 3, 60);
  const other = startChild(t, 'hold-writer', office.file);
  await until(() => other.lines() > 20, 'the other process writing');
  const home = homeOf(t, office);
  for (let count = 0; count < 5; count += 1) {
    await damage(office);
    const reached = other.lines();
    await rebuildHome(home, nothing);
    t.deepEqual(await office.database.reader.query("SELECT * FROM devices WHERE device = 'forged'"), []);
    await until(() => other.lines() > reached, 'the other process writing on');
    t.like(await verifyHome(home, nothing), { kind: 'intact' });
  }
  await other.kill();
  t.like(await verifyHome(home, nothing), { kind: 'intact' });
});

test('rebuild: given a kill just before the commit, then the old tables stand and the next one does it', async (t) => {
  const office = await openOffice(t);
  await live(office, 4, 60);
  const right = await derivedRows(office);
  await damage(office);
  const damaged = await derivedRows(office);
  const child = startChild(t, 'hold-rebuild', office.file);
  await until(() => child.said().includes('about to commit'), 'the rebuild being about to commit');
  t.deepEqual(await derivedRows(office), damaged, 'nobody sees half of it');
  await child.kill();
  t.deepEqual(await derivedRows(office), damaged);
  await rebuildHome(homeOf(t, office), nothing);
  t.deepEqual(await derivedRows(office), right);
});

test('rebuild: given a log that is not right, then nothing is changed', async (t) => {
  const office = await openOffice(t);
  await live(office, 5, 30);
  await damage(office);
  await office.writer.write((sql) => sql.run('UPDATE events SET recorded_at = 1 WHERE position = 9'));
  const damaged = await derivedRows(office);
  await t.throwsAsync(rebuildHome(homeOf(t, office), nothing), { message: /from position 9 on/ });
  t.deepEqual(await derivedRows(office), damaged);
});
