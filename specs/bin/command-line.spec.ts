// The command line from the user's view: help, wrong usage, clear errors, exit codes.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startPartyline } from '../../bin/children/partyline.js';
import { createNKey } from '../../core/bus/credentials/nkey.js';
import { generateSigningKey } from '../../core/keys.js';
import { formatInvite } from '../../core/protocol/invite.js';
import { temporaryFolder } from '../support/folder.js';
import { PASSWORD } from '../support/device.js';
import { openStage, run } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

test('command line: --help and --version exit with 0', async (t) => {
  for (const args of [
    ['--help'],
    ['--version'],
    ['up', '--help'],
    ['chat', '--help'],
    ['doctor', '--help'],
  ]) {
    const { code, lines } = await run(args);
    t.is(code, DONE, args.join(' '));
    t.true(lines.length > 0);
  }
});

test('command line: wrong usage exits with 2 and shows the right usage', async (t) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['upp'], /unknown command 'upp'/],
    [['up', '--broker-port', 'many'], /whole number from 0 to 65535/],
    [['up', '--bcrypt-cost', '4'], /whole number from 10 to 15/],
    [['up', '--broker-host', 'everywhere'], /IP address/],
    [['chat', '--profile', '../else'], /1 to 32 letters/],
    [['chat', '--nonsense'], /unknown option/],
    [['chat', '--plain', '--json'], /cannot be used with option '--plain'/],
  ];
  for (const [args, message] of wrong) {
    const { code, errors } = await run(args);
    t.is(code, WRONG_USAGE, args.join(' '));
    t.regex(errors, message);
  }
});

test('command line: a setting in the environment is read like its flag', async (t) => {
  const { code, errors } = await run(['up', '--headless'], { env: { PARTYLINE_BROKER_PORT: 'many' } });
  t.is(code, WRONG_USAGE);
  t.regex(errors, /PARTYLINE_BROKER_PORT/);
});

test('command line: given a port in use, then the error is clear and the exit code 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const home = await temporaryFolder(t);
  const { code, errors } = await run(['up', '--headless', '--broker-port', String(port), '--home', home]);
  t.is(code, FAILED);
  t.regex(errors, new RegExp(`port ${port} on 127.0.0.1 is in use`));
  t.regex(errors, /--broker-port 0/);
});

test('command line: given a port in use, then the error comes before the search for a broker', async (t) => {
  const stage = await openStage(t);
  const { port } = new URL(stage.invite);
  const home = await temporaryFolder(t);
  const unfit = ['--nats-server', join(home, 'no-such-broker')];
  const { code, errors } = await run(['up', '--headless', '--broker-port', port, '--home', home, ...unfit]);
  t.is(code, FAILED);
  t.regex(errors, new RegExp(`port ${port} on 127.0.0.1 is in use`));
  const busy = await run(['up', '--headless', '--broker-port', '0', '--home', stage.home, ...unfit]);
  t.is(busy.code, FAILED);
  t.regex(busy.errors, /in use by another tracker/);
});

test('command line: given a home in use by another tracker, then the error is clear and the exit code 1', async (t) => {
  const stage = await openStage(t);
  const { code, errors } = await run(['up', '--headless', '--broker-port', '0', '--home', stage.home]);
  t.is(code, FAILED);
  t.regex(errors, new RegExp(`in use by another tracker \\(pid ${stage.tracker().pid}\\)`));
});

test('command line: given an unusable certificate, then the error is clear and the exit code 1', async (t) => {
  const home = await temporaryFolder(t);
  const common = ['up', '--headless', '--broker-port', '0', '--home', home];
  const half = await run([...common, '--tls-cert', 'cert.pem']);
  t.is(half.code, FAILED);
  t.regex(half.errors, /--tls-key FILE/);
  const file = join(home, 'tls.txt');
  await writeFile(file, 'this is no certificate');
  const wrong = await run([...common, '--tls-cert', file, '--tls-key', file]);
  t.is(wrong.code, FAILED);
  t.regex(wrong.errors, /tls\.txt.* cannot be used/);
});

test('command line: given a mistyped or missing invite, then the error is clear and the exit code 1', async (t) => {
  const home = await temporaryFolder(t);
  const mistyped = await run(['chat', '--json', '--home', home, 'partyline://127.0.0.1:7422/?guest=x']);
  t.is(mistyped.code, FAILED);
  t.regex(mistyped.errors, /Copy the whole invite/);
});

test('command line: without --profile a terminal uses the profile that is logged in here, and names it', async (t) => {
  const stage = await openStage(t);
  const home = join(stage.folder, 'terminals');
  const alice = stage.terminal('alice');
  t.is((await alice.type(`/register alice ${PASSWORD}`)).phrase, 'REGISTRATION_SUCCESSFUL');
  await alice.leave();
  const { code, lines, errors } = await run(['chat', '--json', '--home', home, stage.invite], {
    input: '/devices\n/quit',
  });
  t.is(code, DONE);
  t.regex(lines.join('\n'), /"phrase":"DEVICES_LISTED/);
  t.is(errors, 'partyline: This terminal uses the profile "alice"; choose another with --profile NAME.\n');
});

test('command line: given a terminal that cannot be closed completely, then the error is shown, the exit code is 1 and the profile is free', async (t) => {
  const home = await temporaryFolder(t);
  const invite = formatInvite({
    host: '127.0.0.1',
    port: 1,
    guest: createNKey('account').seed,
    sign: Buffer.from(generateSigningKey().publicKey),
    seal: Buffer.alloc(32, 9),
  });
  const args = ['chat', '--json', '--home', home, '--profile', 'alice', invite];
  let isOpen = false;
  const terminal = startPartyline({ args, onLine: () => (isOpen = true) });
  t.teardown(() => terminal.stop('SIGKILL'));
  await until(() => isOpen, 'the first line of the terminal');
  const files = await readdir(home, { recursive: true });
  const pidFile = join(home, files.find((file) => file.endsWith('terminal.pid')) ?? '');
  await rm(pidFile);
  await mkdir(pidFile);
  terminal.end();
  t.is(await terminal.ended, FAILED);
  t.regex(terminal.errors, /terminal\.pid/);
  await rm(pidFile, { recursive: true });
  t.is((await run(args)).code, DONE);
});

test('command line: given SIGTERM, then the tracker drains and exits with 0', async (t) => {
  const stage = await openStage(t);
  t.is(await stage.tracker().stop('SIGTERM'), DONE);
});

test('command line: the doctor reports a home that is a file, and keys that are damaged or lost', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  t.regex(await check(file), /BAD {3}home .*is not a folder/);
  t.regex(await check(join(file, 'below')), /BAD {3}home .*is not a folder/);
  const damaged = join(folder, 'damaged');
  await mkdir(damaged);
  await writeFile(join(damaged, 'keys.json'), '{}');
  t.regex(await check(damaged), /BAD {3}keys .*is damaged/);
  const lost = join(folder, 'lost');
  await mkdir(lost);
  await writeFile(join(lost, 'tracker.db'), '');
  t.regex(await check(lost), /BAD {3}keys .*has a database but no keys\.json/);
});

test('command line: the doctor reports both the good and the bad findings', async (t) => {
  const stage = await openStage(t);
  const port = new URL(stage.invite).port;
  const healthy = await run(['doctor', '--home', stage.home, '--broker-port', port]);
  t.is(healthy.code, DONE, healthy.lines.join('\n'));
  t.regex(healthy.lines.join('\n'), /its broker answers/);

  const broken = await temporaryFolder(t);
  await mkdir(broken, { recursive: true });
  await writeFile(join(broken, 'tracker.db'), 'this is no database, whatever its name says');
  const sick = await run(['doctor', '--home', broken, '--broker-port', port]);
  t.is(sick.code, FAILED);
  t.regex(sick.errors, /3 of 8 checks failed: port, keys, database/);
});

async function check(home: string): Promise<string> {
  const { lines, errors } = await run(['doctor', '--home', home, '--broker-port', '0']);
  return [...lines, errors].join('\n');
}
