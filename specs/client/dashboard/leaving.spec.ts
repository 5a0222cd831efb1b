import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { dashboardArgs, enter, enteredDashboard, KEYS } from '../../support/terminals/dashboard.js';
import { PtyTerminal } from '../../support/terminals/pty-terminal.js';
import { openStage } from '../../support/processes/tracker-process.js';
import { until } from '../../support/until.js';

const TAKEN = { isAlternate: true, hasMouse: true, hasPaste: true };
const RESTORED = { isAlternate: false, hasMouse: false, hasPaste: false };

const KEYBOARD_ON = '\u001b[>5u\u001b[?4m\u001b[>4;1m';
const KEYBOARD_OFF = '\u001b[<u\u001b[>4m';

const hasModes = ({ screen }: PtyTerminal, wanted: typeof TAKEN): boolean =>
  JSON.stringify(screen.modes) === JSON.stringify(wanted);

/** Whether the keyboard protocols were turned on in the alternate screen, and turned off before the program left that screen. */
function hasKeyboardBack({ written }: PtyTerminal): boolean {
  const count = (bytes: string): number => written.split(bytes).length - 1;
  return (
    count(KEYBOARD_ON) > 0 &&
    count(KEYBOARD_ON) === count(KEYBOARD_OFF) &&
    written.indexOf('\u001b[?1049h') < written.indexOf(KEYBOARD_ON) &&
    written.lastIndexOf(KEYBOARD_OFF) < written.lastIndexOf('\u001b[?1049l')
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('dashboard: the terminal is restored however the program ends', async (t) => {
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
    await terminal.until(() => hasModes(terminal, RESTORED), `the terminal of ${name} is restored`);
    t.true(terminal.written.endsWith('\u001b[?25h\u001b[?1l\u001b>'), name);
    t.true(hasKeyboardBack(terminal), `${name}: the keyboard is as it was`);
    t.notRegex(terminal.written, /MaxListenersExceededWarning/, name);
  }
});

test('dashboard: a crash is reported on the restored terminal, with the path of the log', async (t) => {
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
  t.deepEqual(terminal.screen.modes, RESTORED);
  t.true(hasKeyboardBack(terminal), 'the keyboard is as it was');
  const report = terminal.written.indexOf('partyline: a defect');
  t.true(terminal.written.lastIndexOf('\u001b[?1049l') < report, 'on the terminal’s own screen');
});

test('dashboard: Ctrl+Z without a shell restores the terminal, and the screen comes back', async (t) => {
  const stage = await openStage(t);
  const terminal = await enteredDashboard(t, stage, 'alice');
  const before = terminal.written.length;
  terminal.type(KEYS.suspend);
  await terminal.until(() => terminal.written.slice(before).includes('\u001b[?1049l'), 'the screen is left');
  // Without a shell that could continue it, the program resumes by itself.
  await terminal.until(() => terminal.screen.modes.isAlternate, 'it is back');
  await terminal.shows('The program was not suspended');
  await terminal.shows('● online');
  terminal.type('still here');
  await terminal.shows('> still here');
  t.true(terminal.screen.modes.hasPaste);
});

test('dashboard: in a shell, Ctrl+Z restores the terminal and fg takes it again, after any change by the shell', async (t) => {
  const stage = await openStage(t);
  const terminal = new PtyTerminal(t, {
    args: dashboardArgs(stage, 'alice'),
    isInShell: true,
    env: { PS1: 'shell> ', ENV: '' },
  });
  await enter(terminal, 'alice');
  for (const round of ['first', 'second']) {
    terminal.type(`${round} words${KEYS.suspend}`);
    await terminal.until(() => hasModes(terminal, RESTORED), 'the terminal is restored');
    // Waits for the new prompt below `Stopped`: the shell's screen already ended with an older prompt, and until the stop the
    // program reads what is typed.
    await terminal.shows(/Stopped.*shell>\s*$/s);
    terminal.type(`stty -a; echo checked ${round} time\r`);
    await terminal.shows(new RegExp(`[^-]icanon.*[^-]echo .*\nchecked ${round} time\\s+shell>\\s*$`, 's'));
    terminal.type(`stty sane; echo ${round} time; fg\r`);
    await terminal.until(() => hasModes(terminal, TAKEN), 'the terminal is taken again');
    await terminal.shows(`> ${round} words`);
    await terminal.shows('● online');
    // Ctrl+U: without raw mode the terminal would handle it and the program would not get it.
    terminal.type('\u0015');
    await terminal.until(() => !terminal.text.includes(`${round} words`), 'the line is erased');
  }
  terminal.type(KEYS.quit);
  await terminal.shows(/shell>\s*$/);
  t.true(hasModes(terminal, RESTORED));
  terminal.type('echo and the shell goes on\r');
  await terminal.shows(/^and the shell goes on/m);
});

test('dashboard: given a stop signal from outside, when the shell resumes it, then it takes the terminal again', async (t) => {
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
  await terminal.until(() => !terminal.text.includes('shell>'), 'the screen is back');
  terminal.type('typed\u0001raw ');
  await terminal.shows('> raw typed');
  t.false(terminal.text.includes('shell>'));
});

test('dashboard: given a terminal that is closed, then the program ends, and the profile loses nothing', async (t) => {
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
  await until(() => !isAlive(pid), 'the program has ended');

  const again = stage.terminal('alice');
  const bobAgain = stage.terminal('bob');
  await again.expect({ event: 'session', state: 'online' }, 'the profile opens');
  const message = await bobAgain.expect(
    { event: 'message', text: 'for later', from: 'alice' },
    'the message that was queued',
  );
  t.is(message['conversation'], '#lobby');
});

for (const what of ['the start fails', 'Ctrl+Z is pressed at once']) {
  test(`dashboard: given a terminal with a slow connection, when ${what}, then no answer of the terminal is typed into the shell`, async (t) => {
    const stage = await openStage(t);
    const isFailure = what === 'the start fails';
    if (isFailure) await writeFile(join(stage.folder, 'terminals'), 'no folder');
    const terminal = new PtyTerminal(t, {
      args: dashboardArgs(stage, 'alice'),
      isInShell: true,
      env: { PS1: 'shell> ', ENV: '' },
      background: 'rgb:0000/0000/0000',
      holdsAnswers: true,
    });
    const hasWritten = (bytes: string) => () => terminal.written.includes(bytes);
    await terminal.until(hasWritten('\u001b[?1049h'), 'the first screen');
    if (!isFailure) terminal.send(KEYS.suspend);
    await terminal.until(hasWritten('\u001b[?1049l'), 'the screen is left');
    terminal.releaseAnswers();
    await terminal.shows(isFailure ? /--home\s+DIR\.\s+shell>\s*$/ : /Stopped[^]*shell>\s*$/);
    terminal.send('echo and nothing else\r');
    await terminal.shows(/^and nothing else/m);
    t.regex(terminal.text, /^shell> echo and nothing else$/m);
  });
}
