import test from 'ava';
import { answer, FakeChat } from '../../support/fake-chat.js';
import {
  NOON,
  startPrompt as onTerminal,
  startPlainFace as start,
} from '../../support/terminals/plain-face.js';
import { until } from '../../support/until.js';

const said = (text: string, id = 'm1') =>
  ({ conversation: '#lobby', from: 'alice', id, text, spans: [], link: null, at: NOON }) as const;
const heard = (text: string) =>
  ({ conversation: '#lobby', from: 'bob', id: 'b1', text, spans: [], link: 'tcp', at: NOON }) as const;

test('prompt: it shows the open conversation and the typed text', async (t) => {
  const face = onTerminal(t);
  await face.shows('12:01 == /help lists all commands.', '#lobby>');
  face.type('hello');
  await face.shows('#lobby> hello');
  t.deepEqual(face.screen.cursor, [2, 13]);
  face.type('\u001b[D\u001b[D\u007fL');
  await face.shows('#lobby> heLlo');
  t.deepEqual(face.screen.cursor, [2, 11]);
});

test('prompt: an event is printed above the line being typed', async (t) => {
  const face = onTerminal(t);
  face.type('half a sen');
  await face.shows('#lobby> half a sen');
  await face.chat.events.emit('message', heard('hi'));
  await face.shows('12:01 #lobby <bob> hi', '#lobby> half a sen');
  face.type('tence\r');
  await until(() => face.chat.calls.length > 0, 'the line is said');
  t.deepEqual(face.chat.calls, [['say', null, 'half a sentence']]);
});

test('prompt: a sent message is shown once, and a command stays above its answer', async (t) => {
  const face = onTerminal(t);
  face.type('hello\r');
  await until(() => face.chat.calls.length > 0, 'the line is said');
  await face.chat.events.emit('said', said('hello'));
  face.type('/people\r');
  await face.shows('12:01 -> #lobby <alice> hello', '#lobby> /people', '12:01 == people done.', '#lobby>');
});

test('prompt: it follows the open conversation', async (t) => {
  const face = onTerminal(t);
  await face.shows('#lobby>');
  face.chat.open = async (conversation) => {
    face.chat.current = conversation;
    return answer(500, 'DONE', 'Open.', { conversation });
  };
  face.type('/open bob\r');
  await face.shows('#lobby> /open bob', '12:01 == Open.', '@bob>');
});

test('prompt: a password is never shown, and its line is not in the history', async (t) => {
  const face = onTerminal(t, { chat: FakeChat.guest() });
  face.type('/login alice open ses');
  await face.shows('> /login alice ********');
  face.type('ame\r');
  await until(() => face.chat.calls.length > 0, 'the login is asked for');
  await face.shows('> /login alice ********', '12:01 == login done.', '>');
  face.type('/lgoin alice sesame\r');
  face.type('/why\r');
  await until(() => face.chat.calls.length > 1, 'the last command is run');
  t.deepEqual(face.chat.calls, [['login', 'alice', 'open sesame'], ['why']]);
  face.type('\u001b[A');
  await face.shows('> /why');
  face.type('\u001b[A\u001b[A');
  await face.shows('> /why');
  t.notRegex(face.screen.written, /ses|ame\b/);
});

test('prompt: Tab completes commands, rooms and the names seen so far', async (t) => {
  const face = onTerminal(t);
  face.screen.columns = 80;
  await face.chat.events.emit('message', { ...heard('hi'), from: 'bartholomew' });
  face.type('/jo\t');
  await face.shows('#lobby> /join');
  face.type('lo');
  await face.shows('#lobby> /join lo');
  face.type('\t');
  await face.shows('#lobby> /join lobby');
  face.type('\u0015/msg bart\t');
  await face.shows('#lobby> /msg bartholomew');
  face.type('hello b\t');
  await face.shows('bartholomew  bob', '#lobby> /msg bartholomew hello b');
  face.type('art\t');
  await face.shows('#lobby> /msg bartholomew hello bartholomew');
  face.type('\u0015/msg b\t');
  await face.shows('bartholomew  bob', '#lobby> /msg b');
  face.type('\u0015/open @\t');
  await face.shows('#lobby> /open @bob');
});

test('prompt: a line longer than the terminal stays on one row around the cursor', async (t) => {
  const face = onTerminal(t);
  face.type('0123456789'.repeat(6));
  await face.shows('#lobby> 9012345678901234567890123456789');
  face.type('\u0001');
  await face.shows('#lobby> 0123456789012345678901234567890');
  t.deepEqual(face.screen.cursor, [2, 8]);
});

test('prompt: Ctrl+D and Ctrl+C end the face, and Ctrl+C does not wait for queued messages', async (t) => {
  const patient = onTerminal(t);
  patient.type('\u0004');
  await patient.ended;
  t.deepEqual(patient.chat.calls, [['drained', 0]]);

  const hurried = onTerminal(t);
  hurried.chat.become('connecting', 'alice');
  hurried.type('/people\r');
  await until(() => hurried.chat.isAwaited, 'the session is waited for');
  hurried.type('\u0003');
  await hurried.ended;
  hurried.chat.giveUp();
  await hurried.chat.events.emit('message', heard('too late'));
  await hurried.shows('#lobby> /people', '');
  t.deepEqual(hurried.chat.calls, [['whenOnline', 10_000]]);
});

test('prompt: a terminal that hangs up or a destroyed input ends the face like the end of input', async (t) => {
  for (const error of [undefined, Object.assign(new Error('read EIO'), { code: 'EIO' })]) {
    const face = onTerminal(t);
    face.type('half a');
    await face.shows('#lobby> half a');
    face.input.destroy(error);
    await face.ended;
    t.deepEqual(face.chat.calls, [['drained', 0]]);
  }
});

test('prompt: a dumb terminal gets plain lines', async (t) => {
  const face = onTerminal(t, { env: { TERM: 'dumb' } });
  face.type('/people\n');
  await face.shows('12:01 == people done.', '');
  t.false(face.screen.written.includes('\u001b'));
});

test('prompt: it shows the number of unread messages in other conversations', async (t) => {
  const face = onTerminal(t);
  const reading = { id: 'one', mentions: 0, muted: null, lastRead: null };
  face.chat.unreadIn.set('@bob', 2).set('#lobby', 7);
  await face.chat.events.emit('unread', { ...reading, label: '@bob', unread: 2 });
  await face.shows('#lobby [2 elsewhere]>');
  face.chat.current = null;
  await face.chat.events.emit('unread', { ...reading, label: '#lobby', unread: 7 });
  await face.shows('[9 elsewhere]>');
  face.chat.unreadIn.clear();
  await face.chat.events.emit('unread', { ...reading, label: '@bob', unread: 0 });
  await face.shows('>');
});

test('prompt: a line wider than the terminal is broken between words, but not on a pipe', async (t) => {
  const long = heard('a message that is longer than forty columns, and then some');
  const face = onTerminal(t);
  await face.chat.events.emit('message', long);
  await face.shows(
    '12:01 #lobby <bob> a message that is',
    '        longer than forty columns, and',
    '        then some',
    '#lobby>',
  );
  const pipe = start(t);
  await pipe.chat.events.emit('message', long);
  await pipe.shows(`12:01 #lobby <bob> ${long.text}`, '');
});

test('prompt: pasted text is inserted at the cursor, and the arrow keys recall entered lines', async (t) => {
  const face = onTerminal(t);
  face.type('helo');
  await face.shows('#lobby> helo');
  face.type('\u001b[1~');
  face.type('oh, ');
  await face.shows('#lobby> oh, helo');
  face.type('\u001b[C\u001b[C\u001b[C');
  face.type('l!');
  await face.shows('#lobby> oh, hell!o');
  face.type('\r');
  face.type('/people\r');
  await until(() => face.chat.calls.length > 1, 'both lines are handled');
  face.type('\u001b[A\u001b[A');
  await face.shows('#lobby> oh, hell!o');
  face.type('\u001b[B');
  await face.shows('#lobby> /people');
});

const PASTE = (text: string): string => `\u001b[200~${text}\u001b[201~`;
const NO_EFFECT =
  '12:01 == Enter came together with text, as in a paste, and had no effect. Press Enter to go on.';

for (const [what, keys, line, rows] of [
  ['marks around one line', PASTE('/topic hacked\r'), '/topic hacked', []],
  [
    'marks around two lines',
    PASTE('one\r\n/topic hacked\n'),
    'one⏎/topic hacked',
    ['12:01 == The pasted text has 2 lines. Enter sends them as one message, Ctrl+U erases them.'],
  ],
  [
    'an end mark within the text',
    PASTE('notes \u001b[201~\r/topic hacked\r'),
    'notes ⏎/topic hacked',
    ['12:01 == The pasted text has 2 lines. Enter sends them as one message, Ctrl+U erases them.'],
  ],
  [
    'no marks around two lines',
    'one\r/topic hacked\r',
    'one⏎/topic hacked',
    ['12:01 == The pasted text has 2 lines. Enter sends them as one message, Ctrl+U erases them.'],
  ],
  ['marks and an Enter after them', `${PASTE('/topic hacked')}\r`, '/topic hacked', [NO_EFFECT]],
  ['control characters', PASTE('a\u0003b\u001b[Ac\td'), 'ab[Ac d', []],
  [
    'more bytes than a message has',
    PASTE('x'.repeat(8_193)),
    '',
    ['12:01 !! The pasted text has 8193 bytes and was not inserted: a message has at most 8192 bytes.'],
  ],
] as const) {
  test(`prompt: given a paste with ${what}, then nothing is sent until Enter`, async (t) => {
    const face = onTerminal(t);
    face.screen.columns = 200;
    face.type(keys);
    await face.shows(...rows, `#lobby> ${line}`.trimEnd());
    t.deepEqual(face.chat.calls, []);
  });
}

test('prompt: the lines of a paste are sent as one message', async (t) => {
  const face = onTerminal(t);
  face.type(PASTE('one\ntwo'));
  await face.shows('#lobby> one⏎two');
  face.type('!');
  await face.shows('#lobby> one⏎two!');
  face.type('\u001b[D\u007f');
  await face.shows('#lobby> one⏎tw!');
  face.type('o\r');
  await until(() => face.chat.calls.length > 0, 'the message is said');
  t.deepEqual(face.chat.calls, [['say', null, 'one\ntwo!']]);
});

test('prompt: keys that edit nothing, mouse reports and answers of the terminal leave the line as it is', async (t) => {
  const face = onTerminal(t);
  for (const keys of [
    '\u001bOP',
    '\u001b[24~',
    '\u001b[<0;3;4M',
    '\u001b[12;40R',
    '\u001b[?64;1c',
    '\u001b[113;5:3u',
    '\u001b[I',
  ])
    face.type(keys);
  face.type('hello');
  await face.shows('#lobby> hello');
  face.type('\u001b[1;5D\u001b[3~J');
  await face.shows('#lobby> Jello');
});

test('prompt: it asks the terminal to mark pastes, and ends that when it closes', async (t) => {
  const face = onTerminal(t);
  await face.shows('12:01 == /help lists all commands.', '#lobby>');
  t.true(face.screen.written.startsWith('\u001b[?2004h'));
  face.type('\u0004');
  await face.ended;
  t.true(face.screen.written.endsWith('\u001b[?2004l'));
});
