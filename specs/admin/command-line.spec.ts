// The command line of `partyline admin`, run on the home of a running tracker.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import Libsql from 'libsql';
import { join } from 'node:path';
import { startPartyline } from '../../bin/children/partyline.js';
import { PASSWORD } from '../support/device.js';
import { temporaryFolder } from '../support/folder.js';
import { openStage, run } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
// The longest spec starts a dozen processes in sequence.
const LONGEST_MS = 180_000;
const PROGRAM = fileURLToPath(new URL('../../../bin/partyline.js', import.meta.url));

test('admin: given wrong usage, then the exit status is 2 and the error names the correct usage', async (t) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['admin'], /rebuild/],
    [['admin', 'look'], /unknown command 'look'/],
    [['admin', 'log', '--from', '-1'], /Give a position/],
    [['admin', 'log', '--limit', '0'], /whole number, 1 or greater/],
    [['admin', 'log', '--since', 'then'], /a time span before now/],
    [['admin', 'rebuild', '--json'], /unknown option/],
    [['admin', 'what-if', '--drop', '0'], /whole number, 1 or greater/],
    [['admin', 'what-if', '--rule', 'members=2'], /The rules are admin-absence, members-per-room/],
    [['admin', 'what-if', '--rule', 'renames=11'], /Give renames=a whole number from 1 to 10/],
    [['admin', 'disable'], /missing required argument 'user'/],
    [['admin', 'disable', 'ann', 'x'.repeat(150), 'y'.repeat(50)], /longer than 200 characters/],
  ];
  for (const [args, message] of wrong) {
    const { code, errors } = await run(args);
    t.is(code, WRONG_USAGE, args.join(' '));
    t.regex(errors, message);
  }
});

test('admin: given a folder that is not a tracker’s home, then the command fails and creates no file', async (t) => {
  const home = await temporaryFolder(t);
  for (const command of ['log', 'verify', 'rehearse', 'rebuild', 'stats', 'checkpoint']) {
    const { code, errors } = await run(['admin', command, '--home', home]);
    t.is(code, FAILED);
    t.regex(errors, /tracker\.db: not found\n.*--home DIR/);
  }
  t.deepEqual(await readdir(home), []);
});

test.serial(
  'admin: given a running tracker, then log, verify, stats and rebuild work on its home',
  async (t) => {
    t.timeout(LONGEST_MS);
    const stage = await openStage(t);
    const ofHome = ['--home', stage.home];
    const alice = stage.terminal('alice');
    await alice.type(`/register alice ${PASSWORD}`);

    const entries: string[] = [];
    const follower = startPartyline({
      args: ['admin', 'log', '--follow', '--json', '--type', 'RoomCreated', ...ofHome],
      onLine: (line) => entries.push(line),
    });
    t.teardown(() => follower.stop('SIGKILL'));
    await alice.type('/create lobby');
    await until(() => entries.length === 1, 'the lobby in the log');
    t.like(JSON.parse(entries[0] ?? ''), { type: 'RoomCreated', by: 'alice', personal: { name: 'lobby' } });

    const shown = await run(['admin', 'log', '--account', 'ALICE', ...ofHome]);
    t.is(shown.code, DONE);
    t.regex(shown.lines.join('\n'), /AccountRegistered {2}by alice .*\n.*DeviceEnrolled .*\n.*RoomCreated /);
    const stranger = await run(['admin', 'log', '--account', 'nobody', ...ofHome]);
    t.is(stranger.code, FAILED);
    t.regex(stranger.errors, /no account has or had the name or id nobody/);

    const proven = await run(['admin', 'verify', ...ofHome]);
    t.is(proven.code, DONE, proven.errors);
    const database = new Libsql(join(stage.home, 'tracker.db'), { timeout: 5_000 });
    database.exec("UPDATE accounts SET username = 'mallory'");
    database.close();
    const refuted = await run(['admin', 'verify', ...ofHome]);
    t.is(refuted.code, FAILED);
    t.regex(refuted.errors, /has username mallory but the log has alice\n.*admin rebuild/);
    t.is((await run(['admin', 'rebuild', ...ofHome])).code, DONE);
    t.is((await run(['admin', 'verify', ...ofHome])).code, DONE);
    const rehearsed = await run(['admin', 'rehearse', '--json', ...ofHome]);
    t.is(rehearsed.code, DONE, rehearsed.errors);
    t.like(JSON.parse(rehearsed.lines[0] ?? ''), { format: 'rehearsal/1', mismatches: 0 });
    const other = await run(['admin', 'what-if', '--drop', '3', '--json', ...ofHome]);
    t.is(other.code, DONE, other.errors);
    t.like(JSON.parse(other.lines.at(-1) ?? ''), { format: 'what-if/1', commands: 1, equalAfter: null });

    t.like(await alice.type('/create attic'), { phrase: 'CREATION_S' });
    await until(() => entries.length === 2, 'the attic in the log');
    const counted = await run(['admin', 'stats', '--json', ...ofHome]);
    t.like(JSON.parse(counted.lines[0] ?? ''), {
      accounts: 1,
      rooms: { open: 2, closed: 0 },
      head: { isSigned: true },
    });
    t.is(await follower.stop('SIGINT'), DONE);
    t.is(follower.errors, '');
  },
);

test.serial(
  'admin: given a checkpoint and a proof in files, then both are verified, and a changed proof is not',
  async (t) => {
    t.timeout(LONGEST_MS);
    const stage = await openStage(t);
    const ofHome = ['--home', stage.home];
    await stage.terminal('alice').type(`/register alice ${PASSWORD}`);
    const folder = await temporaryFolder(t);
    const printed = async (name: string, args: readonly string[]): Promise<string> => {
      const { code, lines } = await run(['admin', ...args, ...ofHome]);
      t.is(code, DONE, args.join(' '));
      const file = join(folder, name);
      await writeFile(file, `${lines.join('\n')}\n`);
      return file;
    };
    const checkpoint = await printed('checkpoint', ['checkpoint']);
    const proof = await printed('event.tlog-proof', ['prove', '1', '--personal']);
    const since = await run(['admin', 'verify', '--since', checkpoint, ...ofHome]);
    t.regex(since.lines.join('\n'), /the log begins with the \d+ events of the checkpoint/);
    // Only the invite is needed, not the log.
    const proven = await run(['admin', 'verify', '--proof', proof, '--invite', stage.invite, '--json']);
    t.like(JSON.parse(proven.lines[0] ?? ''), {
      format: 'proof/1',
      event: { position: 1, type: 'AccountRegistered' },
    });
    await writeFile(proof, (await readFile(proof, 'utf8')).replace('index 0', 'index 1'));
    const refused = await run(['admin', 'verify', '--proof', proof, '--invite', stage.invite]);
    t.is(refused.code, FAILED);
    t.regex(refused.errors, /is not valid: its index is that of another event/);
  },
);

test.serial('admin: given a closed output pipe, then the log ends with status 0', async (t) => {
  const stage = await openStage(t);
  const alice = stage.terminal('alice');
  await alice.type(`/register alice ${PASSWORD}`);
  const args = [PROGRAM, 'admin', 'log', '--follow', '--home', stage.home];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await alice.type('/create lobby');
  t.deepEqual(await closed, [DONE, null]);
  t.is(errors, '');
});
