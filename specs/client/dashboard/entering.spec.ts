import test from 'ava';
import { refusal } from '../../../client/chat/outcome.js';
import { FakeChat } from '../../support/fake-chat.js';
import { type InProcess, openInProcess } from './in-process.js';

/** The rows of the windows that are not blank, without the sidebar and the title. */
const windowRows = ({ rows }: InProcess): readonly string[] =>
  rows()
    .slice(1, -3)
    .map((row) => row.slice(21).trim())
    .filter((row) => row !== '');
const inputRow = ({ rows }: InProcess): string => rows().at(-2) ?? '';

const PROBLEMS: readonly (readonly [name: string, line: string, shows: string])[] = [
  ['a mistyped command', '/jion lobby', '!! There is no command "/jion". Did you mean /join?'],
  ['an unknown command', '/nonsense', '!! There is no command "/nonsense". /help lists all commands.'],
  ['a missing argument', '/invite', '!! The name of the person is missing. Write /invite USER'],
  ['an invisible message', '\u2800', '!! The message shows nothing'],
];
for (const [name, line, shows] of PROBLEMS) {
  test(`entering: given ${name}, then the problem is at the line until the next key, and the line stays`, async (t) => {
    const face = openInProcess();
    await face.type(line);
    await face.press('enter');
    t.true(face.rows().join('\n').includes(shows), face.rows().join('\n'));
    t.true(inputRow(face).includes(`> ${line}`));
    t.is(face.chat.noted.length, 1, '/why explains it');
    await face.press('left');
    t.deepEqual(windowRows(face), [], 'it costs no row of the window');
    t.true(inputRow(face).includes(`> ${line}`));
    t.deepEqual(
      face.chat.calls.filter(([action]) => action === 'say'),
      [],
    );
  });
}

test('entering: given a problem that is corrected, then the line is entered', async (t) => {
  const face = openInProcess();
  await face.type('/unred');
  await face.press('enter');
  await face.press('backspace');
  await face.press('backspace');
  await face.type('ead');
  await face.press('enter');
  t.true(face.chat.calls.some(([action]) => action === 'unread'));
  t.is(inputRow(face), '#lobby>');
});

const TOO_LONG = refusal(
  4,
  'INVALID_FORMAT',
  'The message is longer than 8,192 bytes. Shorten or rewrite it.',
);

test('entering: given a message that is refused, then it stays in the line, with the problem until the next key', async (t) => {
  const face = openInProcess();
  face.chat.answers.say = TOO_LONG;
  await face.type('a very long message');
  await face.press('enter');
  t.true(inputRow(face).includes('> a very long message'));
  t.true(face.rows().join('\n').includes('!! The message is longer than 8,192 bytes.'));
  await face.type('!');
  t.deepEqual(windowRows(face), []);
  t.true(inputRow(face).includes('> a very long message!'));
});

test('entering: given a refused message and a user who has typed on, then the window shows the refusal and the history keeps the message', async (t) => {
  const face = openInProcess();
  const waiting: (() => void)[] = [];
  face.chat.say = () => new Promise((resolve) => waiting.push(() => resolve(TOO_LONG)));
  await face.type('the first');
  await face.press('enter');
  await face.type('the second');
  for (const refuse of waiting) refuse();
  await face.press('end');
  t.true(inputRow(face).includes('> the second'));
  t.true(windowRows(face).join('\n').includes('The message is longer than 8,192 bytes.'));
  await face.press('up');
  t.true(inputRow(face).includes('> the first'));
});

test('entering: a password stays hidden in a line that stays', async (t) => {
  const face = openInProcess();
  await face.type('/password hunter2-old');
  await face.press('enter');
  t.true(face.rows().join('\n').includes('!! Give the old and the new password.'));
  t.notRegex(face.rows().join('\n'), /hunter2/);
});

test('drafts: typed text is stored after half a second and when another conversation is shown, but no password is', async (t) => {
  const face = openInProcess();
  await face.type('half a sentence');
  await face.time.pass(1_000);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'half a sentence']]);
  await face.type(', more');
  await face.press('C-n');
  t.deepEqual([...face.chat.drafts], [['#lobby', 'half a sentence, more']]);
  await face.type('/password old new');
  await face.time.pass(1_000);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'half a sentence, more']]);
});

test('drafts: stored text is in the line after a start, and gone once it is sent', async (t) => {
  const chat = new FakeChat();
  chat.keepDraft('#lobby', 'from before');
  const face = openInProcess(chat);
  t.is(inputRow(face), '#lobby> from before');
  await face.press('enter');
  t.true(chat.calls.some(([action, , text]) => action === 'say' && text === 'from before'));
  t.deepEqual([...chat.drafts], []);
});

test('drafts: text that was refused stays stored', async (t) => {
  const face = openInProcess();
  face.chat.answers.say = TOO_LONG;
  await face.type('a very long message');
  await face.press('enter');
  await face.time.pass(1_000);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'a very long message']]);
});

test('suspending: given a terminal that no shell can continue, then a status message says that the program was not suspended', async (t) => {
  const face = openInProcess();
  face.setSuspendable(false);
  await face.press('C-z');
  t.true(face.rows().at(-1)?.includes('The program was not suspended, because no shell started it.'));
  face.setSuspendable(true);
  await face.press('left');
  await face.time.pass(10_000);
  await face.press('C-z');
  t.notRegex(face.rows().at(-1) ?? '', /not stopped/);
});
