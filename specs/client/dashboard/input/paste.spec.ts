import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Dashboard } from '../../../../client/dashboard/dashboard.js';
import { Bursts } from '../../../../screen/keys/bursts.js';
import { savePaste } from '../../../../client/dashboard/input/save-paste.js';
import { bindingsWith } from '../../../../client/dashboard/input/keys/bindings.js';
import { Frame } from '../../../../screen/paint/frame.js';
import { FakeChat } from '../../../support/fake-chat.js';
import { temporaryFolder } from '../../../support/folder.js';
import { PacedInput } from '../../../support/terminals/paced-input.js';
import { createTime } from '../../../support/time.js';
import { createLook } from '../../../support/terminals/look.js';

const ESC = '\u001b';
const pasted = (text: string): string => `${ESC}[200~${text}${ESC}[201~`;

const OWN: ReadonlySet<unknown> = new Set(['focus', 'people', 'links', 'history', 'rooms', 'members']);

const ignore = (): void => undefined;

/** A dashboard that reads bytes as its terminal sends them. */
function openDashboard({ marksPastes = false } = {}) {
  const [chat, time, parser] = [new FakeChat(), createTime(), new PacedInput()];
  const bursts = new Bursts(
    () => time.now(),
    () => marksPastes,
  );
  const controls = {
    linkAt: () => null,
    openLink: async () => true,
    redraw: ignore,
    suspend: async () => true,
    quit: ignore,
  };
  const dashboard = new Dashboard({
    chat,
    clock: time,
    schedule: time.schedule,
    ...createLook(),
    bindings: bindingsWith({}),
    controls: { ...controls, toggleMouse: ignore, hasMouse: () => true },
    invalidate: ignore,
    invalidateCalmly: ignore,
  });
  dashboard.refresh();
  const screen = (): string => {
    const frame = Frame.blank(100, 30);
    for (const { rect, paint } of dashboard.compose(100, 30).panes) paint(frame, rect);
    return frame.cells
      .map((row) =>
        row
          .map((cell) => cell?.text ?? '')
          .join('')
          .trimEnd(),
      )
      .join('\n');
  };
  return {
    chat,
    screen,
    /** The tracker ends the session. */
    async logOut(): Promise<void> {
      chat.become('guest', null, 'disabled');
      dashboard.overlays.openWelcome();
      dashboard.refresh();
      await time.pass(0);
    },
    /** Gives the dashboard the bytes of one read, 1 s after those of the previous read. */
    async read(bytes: string): Promise<void> {
      await time.pass(1_000);
      for (const event of bursts.judge(parser.read(bytes))) dashboard.input(event);
      bursts.end();
      await time.pass(0);
    },
    /** The names of the chat calls that the user caused, without those that the dashboard makes by itself. */
    calls: (): readonly unknown[] => chat.calls.map(([name]) => name).filter((name) => !OWN.has(name)),
    said: (): string => String(chat.calls.find(([name]) => name === 'say')?.[2]),
  };
}

function shows(t: ExecutionContext, text: string, part: string | RegExp): void {
  t.true(typeof part === 'string' ? text.includes(part) : part.test(text), text);
}

for (const [what, bytes] of [
  ['a paste that contains its end mark', `${ESC}[200~notes ${ESC}[201~\r/topic hacked\r${ESC}[201~`],
  ['lines that the terminal does not mark as a paste', 'notes\r/topic hacked\r'],
  ['lines that begin with a line break', '\r/topic hacked\rmore\r'],
] as const) {
  test(`paste: given ${what}, then nothing is executed and a question asks about the lines`, async (t) => {
    const alice = openDashboard();
    await alice.read('draft');
    await alice.read(bytes);
    t.deepEqual(alice.calls(), []);
    shows(t, alice.screen(), /The pasted text has [23] lines/);
    // Enter answers the question: the text is inserted and not sent.
    await alice.read('\r');
    t.deepEqual(alice.calls(), []);
    shows(t, alice.screen(), '/topic hacked');
  });
}

test('paste: given a line and Enter at once, then the line is inserted, and the next Enter sends it', async (t) => {
  const alice = openDashboard();
  await alice.read('hello\r');
  t.deepEqual(alice.calls(), []);
  shows(t, alice.screen(), /#lobby> hello$/m);
  shows(
    t,
    alice.screen(),
    'Enter came together with text, as in a paste, and had no effect. Press Enter to go on.',
  );
  await alice.read('\r');
  t.deepEqual(alice.calls(), ['say']);
});

test('paste: given a terminal that marks pastes, when text and Enter come at once, then the line is entered', async (t) => {
  const alice = openDashboard({ marksPastes: true });
  await alice.read('hello, as one line of a program\r');
  t.is(alice.said(), 'hello, as one line of a program');
  await alice.read('/dnd on\r');
  t.deepEqual(alice.calls(), ['say', 'setDnd']);
});

test('paste: given a terminal that marks pastes and text that is too long for the draft, then Enter does not answer the question', async (t) => {
  const alice = openDashboard({ marksPastes: true });
  await alice.read(`${ESC}[200~${'draft '.repeat(1_300)}${ESC}[201~`);
  await alice.read(`${'too long '.repeat(60)}\r`);
  shows(t, alice.screen(), 'The pasted text has');
  await alice.read('still\r');
  shows(t, alice.screen(), 'The pasted text has');
  t.deepEqual(alice.calls(), []);
});

test('paste: given text and Enter at once in an overlay, then Enter has no effect, and no text after it is typed', async (t) => {
  const alice = openDashboard();
  await alice.read(`${ESC}x`);
  await alice.read('quit\rsecret\r');
  shows(t, alice.screen(), /> quit/);
  t.false(alice.screen().includes('secret'));
  await alice.read(' now\r');
  shows(t, alice.screen(), /> quit now/);
  t.deepEqual(alice.calls(), []);
});

test('paste: given the rest of a paste while its question is open, then it belongs to the paste', async (t) => {
  const alice = openDashboard();
  await alice.read('one\rtwo\rthr');
  await alice.read('ee\rfour\r');
  shows(t, alice.screen(), 'The pasted text has 4 lines');
  await alice.read('\r');
  shows(t, alice.screen(), /one\n.*two\n.*three\n.*four/);
});

test('paste: given a logout while its question is open, then the login form waits for the answer', async (t) => {
  const alice = openDashboard();
  await alice.read('one\rtwo\r');
  await alice.logOut();
  shows(t, alice.screen(), 'The pasted text has 2 lines');
  t.false(alice.screen().includes('Password'));
  await alice.read('\r');
  shows(t, alice.screen(), 'Password');
  await alice.read('\u0007');
  shows(t, alice.screen(), /one\n.*two/);
});

test('paste: given 1 MiB without a line break, then a question offers to save, cut or discard it', async (t) => {
  const alice = openDashboard();
  await alice.read('half ');
  await alice.read(pasted('x'.repeat(1024 * 1024)));
  const screen = alice.screen();
  shows(t, screen, 'The pasted text has 1048576 bytes. A message has at most 8192');
  for (const choice of ['Save it to a file', 'Insert the first 8187 bytes', 'Discard it'])
    shows(t, screen, choice);
  t.notRegex(screen, /Insert the whole text/);
  await alice.read('2');
  await alice.read('\r');
  await alice.read('\r');
  t.is(alice.said().length, 8_192);
});

test('paste: a long text that the terminal does not mark as a paste causes the same question', async (t) => {
  const alice = openDashboard();
  await alice.read('x'.repeat(9_000));
  shows(t, alice.screen(), 'The pasted text has 9000 bytes.');
  await alice.read('4');
  await alice.read('\r');
  shows(t, alice.screen(), /#lobby>$/m);
});

test('paste: a cut never divides a character', async (t) => {
  const alice = openDashboard();
  await alice.read('x');
  await alice.read(pasted('👩‍👩‍👧‍👦'.repeat(1_000)));
  await alice.read('2');
  await alice.read('\r');
  await alice.read('\r');
  t.regex(alice.said(), /^x(?:👩‍👩‍👧‍👦)+$/u);
});

test('paste: given a draft of 64 KiB in one word, then keys, words and Tab do not take time that grows with its square', async (t) => {
  const alice = openDashboard();
  await alice.read('/');
  await alice.read(pasted('é'.repeat(32_000)));
  await alice.read('3');
  await alice.read('\r');
  for (let key = 0; key < 50; key += 1) await alice.read('x');
  // Word left, Tab, end of line and undo.
  for (const key of [`${ESC}b`, '\t', '\u0005', '\u001f']) await alice.read(key);
  shows(t, alice.screen(), 'ééé');
});

test('paste: a saved paste is readable by its owner only, and never overwrites a file', async (t) => {
  const folder = await temporaryFolder(t);
  const at = Date.UTC(2026, 10, 22, 12, 1, 2);
  const saved = await savePaste(folder, 'one\ntwo\n', at);
  const file = join(folder, 'partyline-paste-20261122T120102.txt');
  t.deepEqual(saved, { file });
  t.is(await readFile(file, 'utf8'), 'one\ntwo\n');
  t.is((await stat(file)).mode & 0o777, 0o600);
  const again = await savePaste(folder, 'other', at);
  t.deepEqual(again, { problem: `The paste could not be written to ${file}: it exists already.` });
  t.is(await readFile(file, 'utf8'), 'one\ntwo\n');
  t.deepEqual(await readdir(folder), ['partyline-paste-20261122T120102.txt']);
});
