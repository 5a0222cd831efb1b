import test from 'ava';
import { FakeChat, refusal } from '../../support/fake-chat.js';
import { NOON, type PlainWishes, startPlainFace as start } from '../../support/terminals/plain-face.js';

const HINT =
  '12:01 == Nobody is logged in here. Create an account with /register NAME PASSWORD, or log in with ' +
  '/login NAME PASSWORD. Then use /create ROOM or /join ROOM, and write a message. /help lists all commands.';

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

test('plain: a note about the terminal is printed at the start', async (t) => {
  await start(t, { note: 'This is its note.' }).shows('12:01 == This is its note.', '');
});

test('plain: given output to a pipe, then every event is a line without prompt or colour', async (t) => {
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
  const message = 'No open room has this name. Use /rooms to list the rooms.';
  face.chat.answers.join = refusal(201, 'ROOM_NOT_FOUND', message);
  await face.shows(
    '12:01 -> #lobby <alice> hello world',
    '12:01 #lobby <bob> hi',
    '12:01 -> #lobby <alice> from my other terminal',
    '12:01 -- #lobby carol joined',
    '12:01 -- linked to bob directly over tcp',
    '12:01 !! No open room has this name. Use /rooms to list the rooms.',
    '',
  );
  t.false(face.screen.written.includes('\u001b'));
  t.false(face.screen.written.includes('>  '));
});

test('plain: given a terminal that was offline, when it is back, then it shows how long, why, and what it fetched', async (t) => {
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

test('plain: at the end of input the face waits for queued messages and reports those left', async (t) => {
  const face = start(t);
  face.chat.waiting = 2;
  face.input.end('hi');
  await face.ended;
  await face.shows(
    '12:01 == Waiting up to 5 s for 2 messages to be sent.',
    '12:01 == 2 messages stored, to be sent at the next start.',
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

test('plain: given a closed output, then the face ends', async (t) => {
  const face = start(t);
  face.screen.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await face.ended;
  await face.chat.events.emit('message', heard('nobody reads this'));
  t.true(face.input.destroyed);
});

test('plain: undelivered messages are reported once for each conversation, and once when they are delivered', async (t) => {
  const face = start(t, { patienceMs: 20 });
  const delivery = { conversation: '@bob', acked: 0, of: 1, refused: 0, refusal: null } as const;
  await face.chat.events.emit('delivery', { ...delivery, id: 'm1', state: 'queued' });
  await face.chat.events.emit('delivery', { ...delivery, id: 'm2', state: 'queued' });
  const waits = '12:01 -- @bob 2 messages are delivered to 0 of 1 so far: stored until bob can be reached';
  await face.shows('12:01 == /help lists all commands.', waits, '');
  await face.chat.events.emit('delivery', { ...delivery, id: 'm3', state: 'queued' });
  for (const id of ['m1', 'm2', 'm3']) {
    await face.chat.events.emit('delivery', { ...delivery, id, state: 'delivered', acked: 1 });
  }
  await face.shows(waits, '12:01 -- @bob all messages are delivered now', '');
});

test('plain: a message that is delivered at once or has no recipients is not reported', async (t) => {
  const face = start(t, { patienceMs: 0 });
  const delivery = { id: 'm1', conversation: '#lobby', acked: 0, of: 1, refused: 0, refusal: null } as const;
  void face.chat.events.emit('delivery', { ...delivery, state: 'queued' });
  void face.chat.events.emit('delivery', { ...delivery, state: 'sent' });
  await face.chat.events.emit('delivery', { ...delivery, id: 'm2', state: 'queued', of: 0 });
  face.input.end();
  await face.ended;
  await face.shows('12:01 == /help lists all commands.', '');
});

test('plain: a refusal is shown once for each person and reason, and ends the wait for the message', async (t) => {
  const face = start(t, { patienceMs: 20 });
  const refusal = { by: 'bob', phrase: 'NOT_A_RECIPIENT', reason: 'Not for me.' } as const;
  const delivery = { conversation: '@bob', acked: 0, of: 1, refused: 0, refusal: null } as const;
  await face.chat.events.emit('delivery', { ...delivery, id: 'm1', state: 'sent' });
  const waits = '12:01 -- @bob 1 message is delivered to 0 of 1 so far: sent, not confirmed yet';
  await face.shows(waits, '');
  for (const id of ['m1', 'm2']) {
    await face.chat.events.emit('delivery', { ...delivery, id, state: 'refused', refused: 1, refusal });
  }
  await face.shows(waits, '12:01 !! @bob the terminal of bob refused a message: Not for me.', '');
  await face.chat.events.emit('delivery', { ...delivery, id: 'm3', state: 'delivered', acked: 1 });
  await face.chat.events.emit('delivery', { ...delivery, id: 'm4', state: 'refused', refused: 1, refusal });
  const line = '12:01 !! @bob the terminal of bob refused a message: Not for me.';
  await face.shows(line, line, '');
});

test('plain: a message that mentions the user is marked, but not a message of their own', async (t) => {
  const face = start(t);
  await face.chat.events.emit('message', heard('hi @Alice!'));
  await face.chat.events.emit('message', { ...said('@alice says'), link: 'tcp' });
  await face.shows('12:01 >> #lobby <bob> hi @Alice!', '12:01 -> #lobby <alice> @alice says', '');
});

test('plain: only a terminal that is not dumb, without NO_COLOR, gets colour and styles', async (t) => {
  const isPainted = async (wishes: PlainWishes) => {
    const face = start(t, wishes);
    await face.chat.events.emit('message', {
      ...heard('hi **you**'),
      spans: [{ style: 'BOLD', start: 3, end: 10 }],
    });
    return /\u001b\[\d+m/.test(face.screen.written);
  };
  t.true(await isPainted({ isTerminal: true }));
  t.true(await isPainted({ isTerminal: true, env: { NO_COLOR: '' } }));
  t.false(await isPainted({ isTerminal: true, env: { NO_COLOR: '1' } }));
  t.false(await isPainted({ isTerminal: true, env: { NO_COLOR: 'no' } }));
  t.false(await isPainted({ isTerminal: true, env: { TERM: 'dumb' } }));
  t.false(await isPainted({ isTerminal: false }));
});

test('plain: messages that are sent but not confirmed are reported with their number of recipients reached', async (t) => {
  const face = start(t, { patienceMs: 20 });
  const delivery = { id: 'm1', conversation: '#lobby', of: 3, refused: 0, refusal: null } as const;
  await face.chat.events.emit('delivery', { ...delivery, state: 'sent', acked: 0 });
  await face.chat.events.emit('delivery', { ...delivery, state: 'sent', acked: 2 });
  const waits = '12:01 -- #lobby 1 message is delivered to 2 of 3 so far: sent, not confirmed yet';
  await face.shows(waits, '');
  await face.chat.events.emit('delivery', { ...delivery, state: 'delivered', acked: 3 });
  await face.shows(waits, '12:01 -- #lobby all messages are delivered now', '');
});

test('plain: given conversations and none open, when online, then they are listed with their unread counts', async (t) => {
  const chat = new FakeChat();
  chat.current = null;
  chat.unreadIn.set('#lobby', 2);
  await start(t, { chat }).shows(
    '12:01 == No conversation is open. Use /open with one of: #lobby (2 new), @bob',
    '',
  );
});

test('plain: after an interruption the list of conversations is repeated only if it has changed', async (t) => {
  const chat = new FakeChat();
  chat.current = null;
  const face = start(t, { chat });
  await face.shows('12:01 == No conversation is open. Use /open with one of: #lobby, @bob', '');
  await chat.change('reconnecting', 'alice', 'The connection to the broker was lost.');
  await chat.change('online', 'alice', 'Logged in as alice.');
  await face.shows('12:01 == online as alice', '');
  chat.unreadIn.set('#lobby', 1);
  await chat.change('online', 'alice', 'Logged in as alice.');
  await face.shows('12:01 == No conversation is open. Use /open with one of: #lobby (1 new), @bob', '');
  const asked = face.screen.rows.filter((row) => row.includes('No conversation is open'));
  t.is(asked.length, 2);
});

test('plain: given a refused registration, then only the reply gives the reason', async (t) => {
  const face = start(t, { chat: FakeChat.guest() });
  face.chat.register = async () => {
    await face.chat.change('guest', null, 'Somebody else has this name.');
    return refusal(101, 'USERNAME_TAKEN', 'Somebody else has this name.');
  };
  face.type('/register alice correct-horse\n');
  await face.shows(HINT, '12:01 !! Somebody else has this name.', '');
});
