import test from 'ava';
import { enteredDashboard, keepPicture, KEYS, openDashboard } from '../../support/terminals/dashboard.js';
import { PASSWORD } from '../../support/device.js';
import { PtyTerminal } from '../../support/terminals/pty-terminal.js';
import { openStage, run } from '../../support/processes/tracker-process.js';

const { enter, alt } = KEYS;
const SIZES = [
  [80, 24],
  [60, 16],
  [61, 17],
  [200, 60],
  [72, 20],
  [100, 16],
  [60, 50],
  [119, 33],
  [120, 40],
  [160, 48],
] as const;

for (const [windows, keys] of [
  ['two windows', `${alt('v')}${KEYS.altRight}`],
  ['one window beside two', `${alt('v')}${alt('s')}${KEYS.altRight}`],
] as const) {
  test(`dashboard: given ${windows}, then at any size every divider is in its column`, async (t) => {
    const stage = await openStage(t);
    const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
    alice.type(`日本語 👩‍👩‍👧‍👦 ${'words and 日本 '.repeat(30)}${enter}${keys}`);
    for (const [columns, rows] of SIZES) {
      alice.resize(columns, rows);
      const line = columns < 72 ? 16 : columns < 120 ? 20 : 26;
      const { screen } = alice;
      const isLineAt = (x: number): boolean =>
        Array.from({ length: rows - 3 }, (_, y) => screen.cell(x, y).text).every((text) => text === '│');
      // The columns of the dividers: the sidebar's, and one between the two windows if both fit.
      const lines = (): readonly number[] =>
        Array.from({ length: columns }, (_, x) => x).filter((x) => screen.cell(x, 0).text === '│');
      const isDrawn = (): boolean =>
        screen.lines.at(-3)?.includes('● online') === true &&
        screen.lines[0]?.includes('▸ #lobby') === true &&
        lines().length === (columns - line - 2 >= 2 * 28 ? 2 : 1) &&
        lines().every(isLineAt);
      await alice.until(isDrawn, `a whole screen of ${columns}x${rows}`);
    }
    alice.resize(50, 10);
    await alice.shows('Partyline needs 60x16; this terminal has 50x10.');
    alice.resize(80, 24);
    await alice.shows('▸ #lobby');
    t.false(alice.text.includes('Partyline needs'));
  });
}

test('dashboard: unread messages and mentions are counted, muted rooms are marked, and a click opens a room', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
  const bob = stage.terminal('bob');
  await bob.type('/register bob correct-horse-battery');
  await bob.type('/join dev');
  await bob.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link to alice');
  await bob.type('one');
  await bob.type('two @alice');
  await alice.shows(/#dev +@1 +2 /);
  await keepPicture(alice, 'unread-80x24');
  const { x, y } = alice.at('#dev ');
  alice.click(x, y);
  await alice.shows('▸ #dev');
  await alice.shows('new');
  await alice.until(() => !/#dev +@1/.test(alice.text), 'the room is read');
  const mention = alice.at('@alice');
  t.is(alice.screen.cell(mention.x, mention.y).bg, '#ffc66d');
  alice.type(`/mute${enter}`);
  await alice.shows(/#dev +mute/);
  alice.type(`${alt('s')}${alt('2')}`);
  await alice.shows('▸ #lobby');
  t.regex(alice.text, /^.{20}│ {2}#dev/m);
});

test('dashboard: a long paste causes a question, and drafts stay with their conversations', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
  alice.type('half a sentence');
  await alice.shows('#lobby> half a sentence');
  alice.type(alt('1'));
  await alice.shows('▸ #dev');
  t.notRegex(alice.text, /half a/);
  alice.paste('a line of it\n'.repeat(400));
  await alice.shows('The pasted text has 400 lines (5199 bytes).');
  alice.type(`3${enter}${alt('2')}`);
  await alice.shows('#lobby> half a sentence');
  alice.paste(' and one\n');
  await alice.shows('#lobby> half a sentence and one');
  alice.resize(100, 30);
  await alice.until(
    () => alice.screen.beforeCursor === '#lobby> half a sentence and one' && alice.screen.cursor.y === 28,
    'the line is at the end of the larger screen',
  );
});

test('dashboard: given pasted commands, then none is executed, and a paste of 1 MiB causes a question and leaves the keys alive', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  alice.paste('notes \u001b[201~\r/topic hacked\r');
  await alice.shows('The pasted text has 2 lines');
  alice.type(KEYS.close);
  await alice.until(() => !alice.text.includes('The pasted text has'), 'the question is closed');
  // A paste without marks, as a command of a terminal program may send it.
  alice.send('/topic hacked\r/topic again\r');
  await alice.shows('The pasted text has 2 lines');
  alice.type(KEYS.close);
  await alice.until(() => !alice.text.includes('The pasted text has'), 'the question is closed');
  await alice.burstIsOver();
  // One line without paste marks counts as typed, because this terminal marks pastes.
  alice.send('/topic of this room\r');
  await alice.shows('set the topic: of this room');
  alice.paste('x'.repeat(1024 * 1024));
  await alice.shows('The pasted text has 1048576 bytes.');
  alice.type(KEYS.close);
  alice.type('still here');
  await alice.shows('#lobby> still here');
  t.notRegex(alice.text, /hacked|again/);
  // A release of Ctrl+Q in a keyboard protocol that another program left on, and then an answer of the terminal.
  alice.send('\u001b[113;5:3u\u001b]11;rgb:0000/0000/0000\u001b\\');
  alice.type(' and here');
  await alice.shows('#lobby> still here and here');
});

test('dashboard: given a stopped tracker, then the status bar shows it, messages are queued, and they are sent once it is back', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/join lobby');
  await alice.shows('bob joined');
  // Bob's terminal must be gone: over an open link messages reach it even without a tracker.
  await bob.kill();
  await stage.stopTracker();
  await alice.shows('◌ reconnecting', 30_000);
  alice.type(`one${enter}two${enter}`);
  await alice.shows('one …');
  await alice.shows('two …');
  await alice.shows('… 2 waiting');
  alice.type(`/rooms${enter}`);
  await alice.shows('No answer yet. Waiting for the tracker');
  const carol = openDashboard(t, stage, 'carol');
  await carol.shows('Waiting for the tracker. Is it running?', 30_000);
  alice.type('a draft');
  await stage.startTracker();
  await carol.shows('Welcome to Partyline', 30_000);
  await alice.shows('● online', 30_000);
  const again = stage.terminal('bob');
  await again.expect({ event: 'message', text: 'two', from: 'alice' }, 'the queued message');
  await alice.shows('one ✓✓');
  await alice.shows('two ✓✓');
  await alice.until(() => !alice.text.includes('waiting'), 'nothing is queued');
  t.regex(alice.text, /#lobby> a draft/);
});

test('dashboard: private messages and notifications have their own mark and colour', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/msg alice psst');
  await alice.shows('>> bob: psst');
  const called = alice.at('>> bob: psst');
  const call = alice.screen.cell(called.x, called.y);
  t.is(call.fg, '#ffc66d');
  t.true(call.isUnderlined);
  alice.type(alt('a'));
  await alice.shows('▸ @bob');
  await alice.shows('┊ psst');
  const said = alice.at('psst');
  t.is(alice.screen.cell(said.x, said.y).fg, '#d7a6ee');
});

test('dashboard: given a terminal without cursor movement, then the error names the option to use', async (t) => {
  const { code, errors } = await run(['chat', 'partyline://127.0.0.1:1/']);
  t.is(code, 1);
  t.regex(errors, /--plain/);
  const dumb = new PtyTerminal(t, { args: ['chat', 'partyline://127.0.0.1:1/'], env: { TERM: 'dumb' } });
  t.is(await dumb.ended, 1);
  await dumb.shows('Use --plain for one line per event');
  t.false(dumb.screen.modes.isAlternate);
});
