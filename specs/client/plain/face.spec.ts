import test from 'ava';
import { answer, FakeChat } from '../../support/fake-chat.js';
import {
  NOON,
  startPrompt as onTerminal,
  type PlainWishes,
  startPlainFace as start,
} from '../../support/plain-face.js';
import { until } from '../../support/until.js';

process.env['TZ'] = 'UTC';

const HINT =
  '12:01 == Nobody is logged in here. Make an account with /register NAME PASSWORD, or use yours with ' +
  '/login NAME PASSWORD; then /create ROOM or /join ROOM, and write. /help lists all commands.';

const said = (text: string, id = 'm1') =>
  ({ conversation: '#lobby', from: 'alice', id, text, spans: [], link: null, at: NOON }) as const;
const heard = (text: string) =>
  ({ conversation: '#lobby', from: 'bob', id: 'b1', text, spans: [], link: 'tcp', at: NOON }) as const;

test('plain: given nobody logged in, then the first line says how to begin', async (t) => {
  const face = start(t, { chat: FakeChat.guest() });
  await face.shows(HINT, '');
});

test('plain: given an account, then the first lines say who is online and where help is', async (t) => {
  await start(t).shows('12:01 == online as alice', '12:01 == /help lists all commands.', '');
});

test('plain: without a terminal every event is a line, with neither prompt nor colour', async (t) => {
  const face = start(t);
  const { events } = face.chat;
  await events.emit('said', { ...said('hello world'), spans: [{ style: 'BOLD', start: 0, end: 5 }] });
  await events.emit('message', heard('hi'));
  await events.emit('message', { ...said('from my other terminal'), link: 'tcp' });
  await events.emit('notice', {
    type: 'MemberJoined',
    conversation: '#lobby',
    username: 'carol',
    by: 'carol',
    reason: null,
    at: NOON,
  });
  await events.emit('link', { peer: 'bob', link: 'tcp', state: 'open', reason: 'reached directly' });
  face.type('/join nowhere\n\nhi\n');
  face.chat.answers.set(
    'join',
    answer(201, 'ROOM_NOT_FOUND', 'No open room has this name. See /rooms for those there are.'),
  );
  await face.shows(
    '12:01 #lobby <alice> hello world',
    '12:01 #lobby <bob> hi',
    '12:01 #lobby <alice> from my other terminal',
    '12:01 -- #lobby carol joined',
    '12:01 -- link to bob over tcp open (reached directly)',
    '12:01 !! No open room has this name. See /rooms for those there are.',
    '',
  );
  t.false(face.screen.written.includes('\u001b'));
  t.false(face.screen.written.includes('>  '));
});

test('plain: a terminal that is back says after how long, why, and what it fetched', async (t) => {
  const face = start(t);
  const reason = 'The connection to the broker was lost.';
  for (const back of [
    { awayMs: 42_000, reason, notices: 3 },
    { awayMs: 185_400, reason: 'This terminal was stopped, or its machine asleep.', notices: 1 },
    { awayMs: 7_800_000, reason, notices: 0 },
  ]) {
    await face.chat.events.emit('back', back);
  }
  await face.shows(
    '12:01 == back after 42 s (the connection to the broker was lost); 3 notices fetched',
    '12:01 == back after 3 min 5 s (this terminal was stopped, or its machine asleep); 1 notice fetched',
    '12:01 == back after 2 h 10 min (the connection to the broker was lost); no notice missed',
    '',
  );
});

test('plain: the end of input waits for what is queued and says what is left', async (t) => {
  const face = start(t);
  face.chat.waiting = 2;
  face.input.end('hi');
  await face.ended;
  await face.shows(
    '12:01 == Waiting up to 5 s for 2 messages to go out.',
    '12:01 == 2 messages kept: sent when you are back.',
    '',
  );
  t.deepEqual(face.chat.calls, [
    ['say', null, 'hi'],
    ['drained', 0],
    ['drained', 5_000],
  ]);
});

test('plain: /quit answers and ends', async (t) => {
  const face = start(t);
  face.type('/quit\n/people\n');
  await face.ended;
  await face.shows('12:01 == Goodbye.', '');
  t.deepEqual(face.chat.calls, [['drained', 0]]);
});

test('plain: given a reader that has gone, then the face ends by itself', async (t) => {
  const face = start(t);
  face.screen.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await face.ended;
  await face.chat.events.emit('message', heard('nobody reads this'));
  t.true(face.input.destroyed);
});

test('plain: a message that keeps waiting is told once a conversation, and once when it has gone out', async (t) => {
  const face = start(t, { patienceMs: 20 });
  const delivery = { conversation: '@bob', acked: 0, of: 1 } as const;
  await face.chat.events.emit('delivery', { ...delivery, id: 'm1', state: 'queued' });
  await face.chat.events.emit('delivery', { ...delivery, id: 'm2', state: 'queued' });
  const waits = '12:01 -- @bob not delivered yet: kept, and sent when bob can be reached';
  await face.shows('12:01 == /help lists all commands.', waits, '');
  await face.chat.events.emit('delivery', { ...delivery, id: 'm3', state: 'queued' });
  for (const id of ['m1', 'm2', 'm3']) {
    await face.chat.events.emit('delivery', { ...delivery, id, state: 'delivered', acked: 1 });
  }
  await face.shows(waits, '12:01 -- @bob what was kept has gone out', '');
});

test('plain: a message that is delivered at once is not worth a line, nor is one for nobody', async (t) => {
  const face = start(t, { patienceMs: 0 });
  const delivery = { id: 'm1', conversation: '#lobby', acked: 0, of: 1 } as const;
  void face.chat.events.emit('delivery', { ...delivery, state: 'queued' });
  void face.chat.events.emit('delivery', { ...delivery, state: 'sent' });
  await face.chat.events.emit('delivery', { ...delivery, id: 'm2', state: 'queued', of: 0 });
  face.input.end();
  await face.ended;
  await face.shows('12:01 == /help lists all commands.', '');
});

test('prompt: it shows the open conversation and what is typed', async (t) => {
  const face = onTerminal(t);
  await face.shows('12:01 == /help lists all commands.', '#lobby>');
  face.type('hello');
  await face.shows('#lobby> hello');
  t.deepEqual(face.screen.cursor, [2, 13]);
  face.type('\u001b[D\u001b[D\u007fL');
  await face.shows('#lobby> heLlo');
  t.deepEqual(face.screen.cursor, [2, 11]);
});

test('prompt: an event is printed above what is being typed', async (t) => {
  const face = onTerminal(t);
  face.type('half a sen');
  await face.shows('#lobby> half a sen');
  await face.chat.events.emit('message', heard('hi'));
  await face.shows('12:01 #lobby <bob> hi', '#lobby> half a sen');
  face.type('tence\r');
  await until(() => face.chat.calls.length > 0, 'the line is said');
  t.deepEqual(face.chat.calls, [['say', null, 'half a sentence']]);
});

test('plain: a message that mentions the user is marked, one of their own is not', async (t) => {
  const face = start(t);
  await face.chat.events.emit('message', heard('hi @Alice!'));
  await face.chat.events.emit('message', { ...said('@alice says'), link: 'tcp' });
  await face.shows('12:01 >> #lobby <bob> hi @Alice!', '12:01 #lobby <alice> @alice says', '');
});

test('prompt: a message is on the screen once, as it is said; a command stays above its answer', async (t) => {
  const face = onTerminal(t);
  face.type('hello\r');
  await until(() => face.chat.calls.length > 0, 'the line is said');
  await face.chat.events.emit('said', said('hello'));
  face.type('/people\r');
  await face.shows('12:01 #lobby <alice> hello', '#lobby> /people', '12:01 == people done.', '#lobby>');
});

test('prompt: it follows the open conversation', async (t) => {
  const face = onTerminal(t);
  await face.shows('#lobby>');
  face.chat.open = async (conversation) => {
    face.chat.current = conversation;
    return answer(500, 'DONE', 'Open.');
  };
  face.type('/open bob\r');
  await face.shows('#lobby> /open bob', '12:01 == Open.', '@bob>');
});

test('prompt: a password is never on the screen, and its line is not in the history', async (t) => {
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

test('prompt: Tab completes commands, rooms and the names that have come up', async (t) => {
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

test('prompt: Ctrl+D and Ctrl+C leave, Ctrl+C without waiting', async (t) => {
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

test('prompt: a terminal that hangs up, and an input that is destroyed, end the face as its end does', async (t) => {
  for (const error of [undefined, Object.assign(new Error('read EIO'), { code: 'EIO' })]) {
    const face = onTerminal(t);
    face.type('half a');
    await face.shows('#lobby> half a');
    face.input.destroy(error);
    await face.ended;
    t.deepEqual(face.chat.calls, [['drained', 0]]);
  }
});

test('prompt: a terminal that can do little gets plain lines', async (t) => {
  const face = onTerminal(t, { env: { TERM: 'dumb' } });
  face.type('/people\n');
  await face.shows('12:01 == people done.', '');
  t.false(face.screen.written.includes('\u001b'));
});

test('plain: colour is for terminals without NO_COLOR', async (t) => {
  const isColoured = async (wishes: PlainWishes) => {
    const face = start(t, wishes);
    await face.chat.events.emit('message', heard('hi'));
    return /\u001b\[\d+m/.test(face.screen.written);
  };
  t.true(await isColoured({ isTerminal: true }));
  t.true(await isColoured({ isTerminal: true, env: { NO_COLOR: '' } }));
  t.false(await isColoured({ isTerminal: true, env: { NO_COLOR: '1' } }));
  t.false(await isColoured({ isTerminal: false }));
});
