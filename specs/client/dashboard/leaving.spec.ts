import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { dashboardArgs, enter, enteredDashboard, KEYS } from '../../support/terminals/dashboard.js';
import { PtyTerminal } from '../../support/terminals/pty-terminal.js';
import { openStage } from '../../support/processes/tracker-process.js';
import { until } from '../../support/until.js';

const TAKEN = { isAlternate: true, hasMouse: true, hasPaste: true };
const GIVEN_BACK = { isAlternate: false, hasMouse: false, hasPaste: false };

const hasModes = ({ screen }: PtyTerminal, wanted: typeof TAKEN): boolean =>
  JSON.stringify(screen.modes) === JSON.stringify(wanted);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('dashboard: however it ends, the terminal is as it was', async (t) => {
  const stage = await openStage(t);
  const bestLinks: readonly (readonly [name: string, leave: (terminal: PtyTerminal) => void])[] = [
    ['anna', (terminal) => terminal.signal('SIGTERM')],
    ['berta', (terminal) => terminal.signal('SIGINT')],
    ['cora', (terminal) => terminal.signal('SIGHUP')],
    ['dora', (terminal) => terminal.type(KEYS.quit)],
    ['emma', (terminal) => terminal.type(`/quit${KEYS.enter}`)],
  ];
  for (const [name, leave] of bestLinks) {
    const terminal = await enteredDashboard(t, stage, name);
    t.deepEqual(terminal.screen.modes, TAKEN);
    leave(terminal);
    t.is(await terminal.ended, 0, name);
    await terminal.until(() => hasModes(terminal, GIVEN_BACK), `the terminal of ${name} is restored`);
    t.true(terminal.written.endsWith('\u001b[?25h\u001b[?1l\u001b>'), name);
  }
});

test('dashboard: what breaks is told once the terminal is as it was, with the place of the log', async (t) => {
  const stage = await openStage(t);
  const breaker = join(stage.folder, 'breaker.mjs');
  await writeFile(breaker, `process.on('SIGUSR2', () => { throw new Error('made to break'); });\n`);
  const terminal = await enteredDashboard(t, stage, 'alice', {
    env: { NODE_OPTIONS: `--import=${breaker}` },
  });
  terminal.signal('SIGUSR2');
  t.is(await terminal.ended, 1);
  await terminal.shows('partyline: a defect: Error: made to break');
  await terminal.shows(/The log is in \S+/);
  t.deepEqual(terminal.screen.modes, GIVEN_BACK);
  const told = terminal.written.indexOf('partyline: a defect');
  t.true(terminal.written.lastIndexOf('\u001b[?1049l') < told, 'on the terminal’s own screen');
});

test('dashboard: Ctrl+Z gives the terminal back for a while, and the screen comes back', async (t) => {
  const stage = await openStage(t);
  const terminal = await enteredDashboard(t, stage, 'alice');
  const before = terminal.written.length;
  terminal.type(KEYS.suspend);
  await terminal.until(() => terminal.written.slice(before).includes('\u001b[?1049l'), 'it has left');
  // Nobody waits above it, so it goes on by itself.
  await terminal.until(() => terminal.screen.modes.isAlternate, 'it is back');
  await terminal.shows('● online');
  terminal.type('still here');
  await terminal.shows('> still here');
  t.true(terminal.screen.modes.hasPaste);
});

test('dashboard: in a shell, Ctrl+Z and fg give and take the terminal, whatever the shell does to it', async (t) => {
  const stage = await openStage(t);
  const terminal = new PtyTerminal(t, {
    args: dashboardArgs(stage, 'alice'),
    isInShell: true,
    env: { PS1: 'shell> ', ENV: '' },
  });
  await enter(terminal, 'alice');
  for (const round of ['first', 'second']) {
    terminal.type(`${round} words${KEYS.suspend}`);
    await terminal.until(() => hasModes(terminal, GIVEN_BACK), 'the terminal is given back');
    await terminal.shows('shell>');
    terminal.type('stty -a\r');
    await terminal.shows(/[^-]icanon.*[^-]echo /s);
    terminal.type(`stty sane; echo ${round} time; fg\r`);
    await terminal.until(() => hasModes(terminal, TAKEN), 'the terminal is taken again');
    await terminal.shows(`> ${round} words`);
    await terminal.shows('● online');
    // A key that a terminal in its usual mode would keep for itself.
    terminal.type('\u0015');
    await terminal.until(() => !terminal.text.includes(`${round} words`), 'the line is erased');
  }
  terminal.type(KEYS.quit);
  await terminal.shows(/shell>\s*$/);
  t.true(hasModes(terminal, GIVEN_BACK));
  terminal.type('echo and the shell goes on\r');
  await terminal.shows(/^and the shell goes on/m);
});

test('dashboard: stopped from elsewhere, it takes the terminal again with fg', async (t) => {
  const stage = await openStage(t);
  const terminal = new PtyTerminal(t, {
    args: dashboardArgs(stage, 'alice'),
    isInShell: true,
    env: { PS1: 'shell> ', ENV: '' },
  });
  await enter(terminal, 'alice');
  const terminals = join(stage.folder, 'terminals');
  const files = await readdir(terminals, { recursive: true });
  const holder = files.find((file) => file.endsWith('terminal.pid')) ?? '';
  process.kill(Number(await readFile(join(terminals, holder), 'utf8')), 'SIGSTOP');
  await terminal.shows('shell>');
  terminal.type('stty sane\u000afg\u000a');
  await terminal.until(() => !terminal.text.includes('shell>'), 'it is on the screen again');
  terminal.type('typed\u0001raw ');
  await terminal.shows('> raw typed');
  t.pass();
});

test('dashboard: a terminal that is gone ends it, and nothing of the profile is lost', async (t) => {
  const stage = await openStage(t);
  const bob = stage.terminal('bob');
  await bob.type('/register bob correct-horse-battery');
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  await bob.type('/join lobby');
  await alice.shows('bob joined');
  await bob.kill();
  alice.type(`for later${KEYS.enter}`);
  await alice.shows('for later …');
  const { pid } = alice;
  alice.hangUp();
  await until(() => !isAlive(pid), 'the program has ended', 20_000);

  const again = stage.terminal('alice');
  const bobAgain = stage.terminal('bob');
  await again.expect({ event: 'session', state: 'online' }, 'the profile is whole');
  await bobAgain.expect({ event: 'message', text: 'for later', from: 'alice' }, 'what alice wrote');
  t.pass();
});
