import test from 'ava';
import { refusal } from '../../../client/chat/outcome.js';
import { FakeChat } from '../../support/fake-chat.js';
import { type Board, openBoard } from '../../support/terminals/board.js';

/** The rows of the windows that are not blank, without the sidebar and the title. */
const windowRows = ({ rows }: Board): readonly string[] =>
  rows()
    .slice(1, -3)
    .map((row) => row.slice(21).trim())
    .filter((row) => row !== '');
const inputRow = ({ rows }: Board): string => rows().at(-2) ?? '';

const PROBLEMS: readonly (readonly [name: string, line: string, shows: string])[] = [
  ['a mistyped command', '/jion lobby', '!! There is no command "/jion". Did you mean /join?'],
  ['an unknown command', '/nonsense', '!! There is no command "/nonsense". /help lists all commands.'],
  ['a missing argument', '/invite', '!! The name of the person is missing. Write /invite USER'],
  ['an invisible message', '\u2800', '!! The message shows nothing'],
];
for (const [name, line, shows] of PROBLEMS) {
  test(`entering: given ${name}, then the problem is at the line until the next key, and the line stays`, async (t) => {
    const face = openBoard(t);
    face.type(line);
    face.press('enter');
    await face.time.pass(0);
    t.true(face.rows().join('\n').includes(shows), face.rows().join('\n'));
    t.true(inputRow(face).includes(`> ${line}`));
    t.is(face.chat.noted.length, 1, '/why explains it');
    face.press('left');
    await face.time.pass(0);
    t.deepEqual(windowRows(face), [], 'it costs no row of the window');
    t.true(inputRow(face).includes(`> ${line}`));
    t.deepEqual(
      face.chat.calls.filter(([action]) => action === 'say'),
      [],
    );
  });
}

test('entering: given a problem that is corrected, then the line is entered', async (t) => {
  const face = openBoard(t);
  face.type('/unred');
  face.press('enter');
  await face.time.pass(0);
  face.press('backspace');
  await face.time.pass(0);
  face.press('backspace');
  await face.time.pass(0);
  face.type('ead');
  face.press('enter');
  await face.time.pass(0);
  t.true(face.chat.calls.some(([action]) => action === 'unread'));
  t.is(inputRow(face), '#lobby>');
});

const TOO_LONG = refusal(
  4,
  'INVALID_FORMAT',
  'The message is longer than 8,192 bytes. Shorten or rewrite the message.',
);

test('entering: given a message that is refused, then it stays in the line, with the problem until the next key', async (t) => {
  const face = openBoard(t);
  face.chat.answers.say = TOO_LONG;
  face.type('a very long message');
  face.press('enter');
  await face.time.pass(0);
  t.true(inputRow(face).includes('> a very long message'));
  t.true(face.rows().join('\n').includes('!! The message is longer than 8,192 bytes.'));
  face.type('!');
  t.deepEqual(windowRows(face), []);
  t.true(inputRow(face).includes('> a very long message!'));
});

test('entering: given a refused message and a user who has typed on, then the window shows the refusal and the history keeps the message', async (t) => {
  const face = openBoard(t);
  const waiting: (() => void)[] = [];
  face.chat.say = () => new Promise((resolve) => waiting.push(() => resolve(TOO_LONG)));
  face.type('the first');
  face.press('enter');
  await face.time.pass(0);
  face.type('the second');
  for (const refuse of waiting) refuse();
  face.press('end');
  await face.time.pass(0);
  t.true(inputRow(face).includes('> the second'));
  t.true(windowRows(face).join('\n').includes('The message is longer than 8,192 bytes.'));
  face.press('up');
  await face.time.pass(0);
  t.true(inputRow(face).includes('> the first'));
});

test('entering: a password stays hidden in a line that stays', async (t) => {
  const face = openBoard(t);
  face.type('/password hunter2-old');
  face.press('enter');
  await face.time.pass(0);
  t.true(face.rows().join('\n').includes('!! Give the old and the new password.'));
  t.notRegex(face.rows().join('\n'), /hunter2/);
});

test('drafts: typed text is stored after half a second and when another conversation is shown, but no password is', async (t) => {
  const face = openBoard(t);
  face.type('half a sentence');
  await face.time.pass(1_000);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'half a sentence']]);
  face.type(', more');
  face.press('C-n');
  await face.time.pass(0);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'half a sentence, more']]);
  face.type('/password old new');
  await face.time.pass(1_000);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'half a sentence, more']]);
});

test('drafts: stored text is in the line after a start, and gone once it is sent', async (t) => {
  const chat = new FakeChat();
  chat.keepDraft('#lobby', 'from before');
  const face = openBoard(t, { chat });
  t.is(inputRow(face), '#lobby> from before');
  face.press('enter');
  await face.time.pass(0);
  t.true(chat.calls.some(([action, , text]) => action === 'say' && text === 'from before'));
  t.deepEqual([...chat.drafts], []);
});

test('drafts: text that was refused stays stored', async (t) => {
  const face = openBoard(t);
  face.chat.answers.say = TOO_LONG;
  face.type('a very long message');
  face.press('enter');
  await face.time.pass(0);
  await face.time.pass(1_000);
  t.deepEqual([...face.chat.drafts], [['#lobby', 'a very long message']]);
});

test('suspending: given a terminal that no shell can continue, then a status message says that the program was not suspended', async (t) => {
  const face = openBoard(t);
  face.setSuspendable(false);
  face.press('C-z');
  await face.time.pass(0);
  t.true(face.rows().at(-1)?.includes('The program was not suspended, because no shell started it.'));
  face.setSuspendable(true);
  face.press('left');
  await face.time.pass(0);
  await face.time.pass(10_000);
  face.press('C-z');
  await face.time.pass(0);
  t.notRegex(face.rows().at(-1) ?? '', /not suspended/);
});
