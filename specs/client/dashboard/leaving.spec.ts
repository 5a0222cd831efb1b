import test from 'ava';
import { enteredDashboard, KEYS } from '../../support/dashboard.js';
import type { PtyTerminal } from '../../support/pty-terminal.js';
import { openStage } from '../../support/stage.js';

const isRestored = ({ screen }: PtyTerminal): boolean => {
  const { isAlternate, hasMouse, hasPaste } = screen.modes;
  return !isAlternate && !hasMouse && !hasPaste;
};

test('dashboard: however it ends, the terminal is as it was', async (t) => {
  const stage = await openStage(t);
  const ways: readonly (readonly [name: string, leave: (terminal: PtyTerminal) => void])[] = [
    ['anna', (terminal) => terminal.signal('SIGTERM')],
    ['berta', (terminal) => terminal.signal('SIGINT')],
    ['cora', (terminal) => terminal.signal('SIGHUP')],
    ['dora', (terminal) => terminal.type(KEYS.quit)],
    ['emma', (terminal) => terminal.type(`/quit${KEYS.enter}`)],
  ];
  for (const [name, leave] of ways) {
    const terminal = await enteredDashboard(t, stage, name);
    t.deepEqual(terminal.screen.modes, { isAlternate: true, hasMouse: true, hasPaste: true });
    leave(terminal);
    t.is(await terminal.ended, 0, name);
    await terminal.until(() => isRestored(terminal), `the terminal of ${name} is restored`);
    t.true(terminal.written.endsWith('\u001b[?25h\u001b[?1l\u001b>'), name);
  }
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
