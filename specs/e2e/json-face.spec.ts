// The contract of the JSON face, tested with real processes.
import test from 'ava';
import { PASSWORD } from '../support/device.js';
import { openStage } from '../support/processes/tracker-process.js';

test('json face: two terminals register, join a room and talk, with the events of the contract', async (t) => {
  const stage = await openStage(t);
  const alice = stage.terminal('alice');
  const bob = stage.terminal('bob');

  const registered = await alice.type(`/register alice ${PASSWORD}`);
  t.like(registered, {
    event: 'reply',
    line: 1,
    command: '/register',
    status: 100,
    phrase: 'REGISTRATION_SUCCESSFUL',
  });
  await alice.expect({ event: 'session', state: 'online' }, 'being online');
  t.like(await alice.type('/create lobby'), {
    line: 2,
    command: '/create',
    status: 200,
    phrase: 'CREATION_S',
  });
  await alice.expect(
    { event: 'notice', type: 'RoomCreated', conversation: '#lobby', username: 'alice' },
    'the notice',
  );

  t.like(await bob.type(`/register bob ${PASSWORD}`), { line: 1, status: 100 });
  t.like(await bob.type('/join lobby'), { line: 2, command: '/join', status: 200, phrase: 'JOIN_S' });
  const joined = {
    event: 'notice',
    type: 'MemberJoined',
    conversation: '#lobby',
    username: 'bob',
    by: 'bob',
  };
  t.like(await alice.expect(joined, 'the joining'), { reason: null });
  await alice.expect({ event: 'link', peer: 'bob', link: 'tcp', state: 'open' }, 'the link');

  const hello = await alice.type('hello **world**');
  t.like(hello, { line: 3, command: null, status: 400, phrase: 'MESSAGE_SENT' });
  t.is(typeof hello['id'], 'string');
  const heard = await bob.expect({ event: 'message', id: hello['id'] }, 'the message');
  t.like(heard, {
    conversation: '#lobby',
    from: 'alice',
    text: 'hello world',
    spans: [{ style: 'bold', start: 6, end: 11 }],
    link: 'tcp',
  });
  t.is(new Date(String(heard['at'])).toISOString(), String(heard['at']));
  const delivered = {
    event: 'delivery',
    id: hello['id'],
    conversation: '#lobby',
    state: 'delivered',
    acked: 1,
    of: 1,
  };
  await alice.expect(delivered, 'the delivery');

  await bob.type('hi');
  await alice.expect(
    { event: 'message', from: 'bob', conversation: '#lobby', text: 'hi', spans: [] },
    'the answer',
  );

  const session = await bob.type('/msg alice psst');
  t.like(session, { line: 4, command: '/msg', status: 300, phrase: 'PRIVATE_SESSION_INITIATED' });
  await bob.expect({ event: 'reply', line: 4, status: 400, phrase: 'MESSAGE_SENT' }, 'the second reply');
  await alice.expect(
    { event: 'message', from: 'bob', conversation: '@bob', text: 'psst' },
    'the private message',
  );

  for (const terminal of [alice, bob]) {
    const replies = terminal.seen.filter(({ event }) => event === 'reply').map((event) => event['line']);
    t.deepEqual(replies, terminal === alice ? [1, 2, 3] : [1, 2, 3, 4, 4]);
  }
  t.is(await alice.leave(), 0);
  t.is(await bob.leave(), 0);
});

test('json face: lists have the shapes of the contract', async (t) => {
  const stage = await openStage(t);
  const alice = stage.terminal('alice');
  await alice.type(`/register alice ${PASSWORD}`);
  t.like(await alice.type('/rooms'), { status: 201, phrase: 'NO_AVAILABLE_CHAT_ROOM' });
  await alice.type('/create lobby');
  t.deepEqual((await alice.type('/rooms'))['data'], {
    rooms: [{ name: 'lobby', members: 1, topic: '', private: false, joined: true }],
  });
  const members = (await alice.type('/members'))['data'] as { readonly members: readonly object[] };
  t.like(members, { next: null });
  t.like(members.members[0], { username: 'alice', admin: true, online: true });
  t.deepEqual((await alice.type('/people'))['data'], {
    people: [
      {
        username: 'alice',
        state: 'online',
        you: true,
        verified: false,
        rooms: ['#lobby'],
        link: null,
        blocked: false,
      },
    ],
  });
  t.deepEqual((await alice.type('/links'))['data'], { links: [] });
  t.like(await alice.type('/join nowhere'), {
    status: 201,
    phrase: 'JOIN_FAILURE',
    data: { reason: 'ROOM_NOT_FOUND' },
  });
  const why = (await alice.type('/why'))['data'];
  t.deepEqual(Object.keys(why as object).sort(), ['at', 'by', 'event', 'reason', 'remedy']);
});

test('json face: given the same home and profile, when started again, then a terminal comes online by itself', async (t) => {
  const stage = await openStage(t);
  const first = stage.terminal('alice');
  await first.type(`/register alice ${PASSWORD}`);
  await first.type('/create lobby');
  t.is(await first.leave(), 0);

  const again = stage.terminal('alice');
  await again.expect({ event: 'session', state: 'online' }, 'being online');
  t.like(await again.type('/open #lobby'), { event: 'reply', line: 1 });
  t.like(await again.type('talking to myself'), { status: 400 });
});

test('json face: given a recipient who is offline, then a message reaches them when they return', async (t) => {
  const stage = await openStage(t);
  const alice = stage.terminal('alice');
  const bob = stage.terminal('bob');
  await alice.type(`/register alice ${PASSWORD}`);
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.leave();
  // The broker notices only after a moment that bob's terminal has ended. Until then the command succeeds.
  let offline = await alice.type('/msg bob are you there?');
  while (offline.status === 300) offline = await alice.type('/msg bob are you there?');
  t.like(offline, { status: 301, phrase: 'USERNAME_OFFLINE' });
  const queued = await alice.expect({ event: 'reply', line: offline.line, status: 400 }, 'the second reply');
  await alice.expect(
    { event: 'delivery', id: queued['id'], state: 'queued', acked: 0, of: 1 },
    'being queued',
  );

  const back = stage.terminal('bob');
  await back.expect({ event: 'message', id: queued['id'], text: 'are you there?' }, 'the queued message');
  await alice.expect(
    { event: 'delivery', id: queued['id'], state: 'delivered', acked: 1, of: 1 },
    'the delivery',
  );
});
