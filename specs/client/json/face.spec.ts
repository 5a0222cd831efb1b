import { PassThrough, Writable } from 'node:stream';
import test from 'ava';
import { runJson } from '../../../client/json/face.js';
import { answer, FakeChat, refusal } from '../../support/fake-chat.js';
import { startJsonFace as start } from '../../support/terminals/json-face.js';
import { until } from '../../support/until.js';

test('json: the first line is the present state of the session', (t) => {
  const face = start(t);
  t.deepEqual(face.objects(), [{ event: 'session', state: 'online', reason: 'logged in' }]);
});

test('json: every line gives one reply with its number, its command and the outcome', async (t) => {
  const face = start(t);
  const opened = { conversation: '#lobby' } as const;
  face.chat.answers.join = answer(200, 'JOIN_S', 'You are a member of the room.', opened);
  face.type('/JOIN lobby\r\n\n/jion lobby\nhello **world**\n/join\n');
  const [join, empty, unknown, message, misused] = await face.replied(5);
  t.deepEqual(join, {
    event: 'reply',
    line: 1,
    command: '/join',
    status: 200,
    phrase: 'JOIN_S',
    message: 'You are a member of the room.',
    data: { conversation: '#lobby' },
  });
  t.like(empty, { line: 2, command: null, status: 401, phrase: 'INVALID_COMMAND' });
  t.like(unknown, { line: 3, command: '/jion', status: 501, phrase: 'INVALID_COMMAND' });
  t.deepEqual(message, {
    event: 'reply',
    line: 4,
    command: null,
    status: 400,
    phrase: 'MESSAGE_SENT',
    message: 'Accepted.',
    id: 'm2',
  });
  t.like(misused, { line: 5, command: '/join', status: 201, phrase: 'INVALID_COMMAND' });
  t.deepEqual(face.chat.calls, [
    ['join', 'lobby'],
    ['say', null, 'hello **world**'],
  ]);
});

test('json: /msg with a text gives two replies for the same line', async (t) => {
  const face = start(t);
  const offline = refusal(301, 'USERNAME_OFFLINE', 'Not online.');
  face.chat.answers.startPrivate = { ...offline, conversation: '@bob' };
  face.type('/msg bob psst\n/msg bob\n');
  const [session, message, alone] = await face.replied(3);
  t.like(session, { line: 1, command: '/msg', status: 301, phrase: 'USERNAME_OFFLINE' });
  t.like(message, { line: 1, command: '/msg', status: 400, phrase: 'MESSAGE_SENT', id: 'm2' });
  t.like(alone, { line: 2, command: '/msg', status: 301 });
});

test('json: /msg with a text to an unknown person gives one reply', async (t) => {
  const face = start(t);
  face.chat.answers.startPrivate = refusal(301, 'USERNAME_NOT_FOUND', 'Nobody has this username.');
  face.type('/msg zoe psst\n/people\n');
  await until(() => face.replies().some(({ command }) => command === '/people'), 'both lines are answered');
  t.deepEqual(
    face.replies().map(({ line, command, status }) => [line, command, status]),
    [
      [1, '/msg', 301],
      [2, '/people', 500],
    ],
  );
});

test('json: given a command that is not answered, then later lines wait for it unless it changes nothing that they use', async (t) => {
  const face = start(t);
  const asked: (() => void)[] = [];
  face.chat.rooms = () =>
    new Promise((resolve) => {
      asked.push(() => resolve(answer(200, 'ROOM_LISTED_S', 'Listed.', { rooms: [] })));
    });
  face.type('/rooms\nhi\n/unread\n/people\n');
  const [finish] = await until(() => face.chat.calls.length > 0 && asked, 'the message is started');
  t.deepEqual(face.chat.calls, [['say', null, 'hi']]);
  t.deepEqual(face.replies(), []);
  finish?.();
  await face.replied(4);
  t.deepEqual(
    face.replies().map(({ line, command }) => [line, command]),
    [
      [1, '/rooms'],
      [2, null],
      [3, '/unread'],
      [4, '/people'],
    ],
  );
});

test('json: a message keeps its text and offsets, with span styles in lower case and its time in ISO 8601', async (t) => {
  const face = start(t);
  await face.chat.events.emit('message', {
    conversation: '#lobby',
    from: 'bob',
    id: 'x1',
    text: 'hi you, see it',
    spans: [
      { style: 'BOLD', start: 0, end: 2 },
      { style: 'ITALIC', start: 3, end: 6 },
      { style: 'HYPERLINK', start: 12, end: 14, url: 'https://example.org/' },
    ],
    link: 'tcp',
    at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  });
  t.deepEqual(face.last(), {
    event: 'message',
    conversation: '#lobby',
    from: 'bob',
    id: 'x1',
    text: 'hi you, see it',
    spans: [
      { style: 'bold', start: 0, end: 2 },
      { style: 'italic', start: 3, end: 6 },
      { style: 'hyperlink', start: 12, end: 14, url: 'https://example.org/' },
    ],
    link: 'tcp',
    at: '2026-01-02T03:04:05.006Z',
  });
});

test('json: an unsafe message from an older peer is sanitised with its offsets', async (t) => {
  const face = start(t);
  await face.chat.events.emit('message', {
    conversation: '@bob',
    from: 'bob',
    id: 'x2',
    text: 'a\u001b[2J\u202ebold\u2028end',
    spans: [{ style: 'BOLD', start: 6, end: 10 }],
    link: 'relay',
    at: 0,
  });
  t.like(face.last(), { text: 'a[2Jbold\nend', spans: [{ style: 'bold', start: 4, end: 8 }] });
});

test('json: delivery, notice, link and session events each have a line, but a message sent here has none', async (t) => {
  const face = start(t);
  const { events } = face.chat;
  await events.emit('said', {
    conversation: '#lobby',
    from: 'alice',
    id: 'm1',
    text: 'x',
    spans: [],
    link: null,
    at: 0,
  });
  const delivery = { id: 'm1', conversation: '#lobby', acked: 1, of: 1, refused: 0 } as const;
  await events.emit('delivery', { ...delivery, state: 'delivered', refusal: null });
  await events.emit('notice', {
    type: 'MemberJoined',
    conversation: '#lobby',
    username: 'carol',
    by: 'alice',
    reason: null,
    at: 0,
  });
  await events.emit('link', { peer: 'bob', link: 'tcp', state: 'closed', reason: 'wrong key' });
  await events.emit('warning', { type: 'NewDevice', peer: 'bob', message: 'Compare.', at: 0 });
  await events.emit('session', { state: 'reconnecting', reason: 'the broker went away' });
  t.deepEqual(face.objects().slice(1), [
    { event: 'delivery', id: 'm1', conversation: '#lobby', state: 'delivered', acked: 1, of: 1, refused: 0 },
    {
      event: 'notice',
      type: 'MemberJoined',
      conversation: '#lobby',
      username: 'carol',
      by: 'alice',
      reason: null,
      at: '1970-01-01T00:00:00.000Z',
    },
    { event: 'link', peer: 'bob', link: 'tcp', state: 'closed', reason: 'wrong key' },
    {
      event: 'warning',
      type: 'NewDevice',
      peer: 'bob',
      message: 'Compare.',
      at: '1970-01-01T00:00:00.000Z',
    },
    { event: 'session', state: 'reconnecting', reason: 'the broker went away' },
  ]);
});

test('json: /quit gets a reply, waits for queued messages, and ends the face', async (t) => {
  const face = start(t);
  face.type('/quit\n/people\n');
  await face.ended;
  t.deepEqual(
    face.replies().map(({ command, status }) => [command, status]),
    [['/quit', 500]],
  );
  t.deepEqual(face.chat.calls, [['drained', 5_000]]);
});

test('json: at the end of input the last line is handled, even without a line break, and queued messages are awaited', async (t) => {
  const face = start(t);
  face.input.end('/people\nlast words');
  await face.ended;
  t.is(face.replies().length, 2);
  t.deepEqual(face.chat.calls, [['people'], ['say', null, 'last words'], ['drained', 5_000]]);
});

test('json: events are written while the face waits for queued messages, and none after the end', async (t) => {
  const face = start(t);
  face.chat.drained = async () => {
    await face.chat.events.emit('session', { state: 'offline', reason: 'closing' });
    return 0;
  };
  face.input.end();
  await face.ended;
  await face.chat.events.emit('session', { state: 'offline', reason: 'closed' });
  t.is(face.last()?.['reason'], 'closing');
});

test('json: given a closed output, then the face ends and nothing is thrown', async (t) => {
  const input = new PassThrough();
  const output = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const chat = new FakeChat();
  await runJson({ chat, input, output });
  await chat.events.emit('session', { state: 'offline', reason: 'nobody reads this' });
  t.true(input.destroyed);
});

test('json: given a running command, when the output closes, then the face does not wait for it', async (t) => {
  const chat = new FakeChat();
  chat.become('connecting', 'alice');
  const face = start(t, chat);
  face.type('/people\n');
  await until(() => chat.isAwaited, 'the session is waited for');
  face.output.destroy();
  await face.ended;
  t.deepEqual(chat.calls, [['whenOnline', 10_000]]);
});

test('json: a destroyed input ends the face like the end of input', async (t) => {
  const face = start(t);
  face.type('/people\n');
  await face.replied(1);
  face.input.destroy();
  await face.ended;
  t.deepEqual(face.chat.calls, [['people'], ['drained', 5_000]]);
});
