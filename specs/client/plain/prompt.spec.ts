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
  face.type('/lgoin alice sesame\r/why\r');
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
  face.type('\r/people\r');
  await until(() => face.chat.calls.length > 1, 'both lines are handled');
  face.type('\u001b[A\u001b[A');
  await face.shows('#lobby> oh, hell!o');
  face.type('\u001b[B');
  await face.shows('#lobby> /people');
});
