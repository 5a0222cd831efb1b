import test from 'ava';
import { dataOf } from '../../support/outcome.js';
import { isSuccess } from '../../../core/protocol/status.js';
import { createWorld } from './support/world.js';

test('chat: given wrong uses, then each gets a failure status and a sentence that says what to do', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const { chat } = alice;
  const uses = {
    'say nowhere': [await chat.say(null, 'hi'), /\/join ROOM or \/msg USER/],
    'say elsewhere': [await chat.say('#nowhere', 'hi'), /Use \/join nowhere/],
    'say to a stranger': [await chat.say('@nobody', 'hi'), /Use \/msg nobody/],
    'leave nothing': [await chat.leave(null), /\/leave ROOM/],
    'leave nowhere': [await chat.leave('nowhere'), /\/rooms/],
    'members of nothing': [await chat.members(null), /\/members ROOM/],
    'members of a person': [await chat.members('@bob'), /private conversation/],
    'join nonsense': [await chat.join('no room!'), /letters, digits/],
    'join nowhere': [await chat.join('nowhere'), /Use \/rooms/],
    'create nameless': [await chat.create(''), /at least 1 character/],
    'open nowhere': [await chat.open('#nowhere'), /Use \/join first/],
    'open nobody': [await chat.open('@nobody'), /Use \/msg nobody/],
    'write to oneself': [await chat.startPrivate('@Alice'), /with yourself/],
    'no rooms': [await chat.rooms(), /\/create ROOM/],
  } as const;
  for (const [use, [outcome, sentence]] of Object.entries(uses)) {
    t.false(isSuccess(outcome.status), use);
    t.regex(outcome.message, sentence, use);
  }
  await chat.create('lobby');
  for (const line of ['', '   ', '\u200b\u202e', 'x'.repeat(8_193)]) {
    const outcome = await chat.say(null, line);
    t.like(outcome, { status: 401, phrase: 'INVALID_FORMAT' }, JSON.stringify(line).slice(0, 20));
  }
  t.deepEqual(alice.all('said'), []);
});

test('chat: given the lists of people, rooms, members and links, then their data has the documented shape', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  t.deepEqual(dataOf(await alice.chat.people()), {
    people: [
      {
        account: alice.session.account,
        username: 'alice',
        state: 'online',
        isYou: true,
        isVerified: false,
        rooms: ['#lobby'],
        carrier: null,
        isBlocked: false,
      },
      {
        account: bob.session.account,
        username: 'bob',
        state: 'online',
        isYou: false,
        isVerified: false,
        rooms: ['#lobby'],
        carrier: 'tcp',
        isBlocked: false,
      },
    ],
  });
  t.deepEqual(dataOf(await alice.chat.rooms()), {
    rooms: [{ name: 'lobby', memberCount: 2, topic: '', isPrivate: false, isJoined: true }],
  });
  const joinedAt = world.tracker.clock.now();
  t.deepEqual(dataOf(await alice.chat.members(null)), {
    members: [
      {
        username: 'alice',
        isAdmin: true,
        joinedAt,
        isOnline: true,
        leadership: { event: 'RoomCreated', because: null, by: null, since: joinedAt },
      },
      { username: 'bob', isAdmin: false, joinedAt, isOnline: true, leadership: null },
    ],
    nextLeader: 'bob',
  });
  t.like(dataOf(await alice.chat.links()), {
    links: { 0: { peer: 'bob', carrier: 'tcp', reason: 'The link is open.', rttMs: 1, queued: 0 } },
  });
  const why = await alice.chat.why();
  t.like(dataOf(why), { event: null, by: null, at: null });
});

test('chat: given a refusal with a reason, then /why gives the remedy for that reason', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const request = alice.session.request.bind(alice.session);
  alice.session.request = async (title, data) => ({
    ...(await request(title, data)),
    ...(title === 'ChatRoom'
      ? { status: 201, phrase: 'JOIN_FAILURE', message: 'No.', data: { reason: 'ROOM_FULL' } }
      : {}),
  });
  const refused = await alice.chat.join('lobby');
  t.like(refused, { status: 201, phrase: 'JOIN_FAILURE', reason: 'ROOM_FULL' });
  alice.chat.noteOutcome(refused);
  const why = await alice.chat.why();
  t.like(dataOf(why), { event: 'JOIN_FAILURE', remedy: 'Try again after a member leaves.' });
});

test('chat: given answers of the tracker that cannot be read, then each action fails with INTERNAL', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const request = alice.session.request.bind(alice.session);
  for (const data of [undefined, null, 7, [], { roster: { body: '{}', signature: 'A'.repeat(86) } }]) {
    alice.session.request = async () => ({ ...(await request('People', { operation: 'LIST' })), data });
    const outcomes = [
      await alice.chat.create('lobby'),
      await alice.chat.join('lobby'),
      await alice.chat.rooms(),
      await alice.chat.members('lobby'),
      await alice.chat.people(),
    ];
    for (const outcome of outcomes) t.like(outcome, { status: 501, phrase: 'INTERNAL' });
  }
  t.deepEqual(alice.chat.conversations, []);
});

test('chat: given a session that is lost and restored, then its states are shown and /why explains the loss', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  t.like(alice.chat.session, { state: 'online' });
  await alice.session.become('reconnecting', 'The broker is gone.');
  await alice.session.become('authenticating', 'It is back.');
  t.like(alice.chat.session, { state: 'reconnecting', reason: 'The broker is gone.' });
  t.false(await alice.chat.whenOnline(0));
  t.like(dataOf(await alice.chat.why()), { event: 'disconnected', reason: 'The broker is gone.' });
  await alice.session.become('online', 'It is back.');
  t.true(await alice.chat.whenOnline(60_000));
  t.deepEqual(
    alice.all('session').map(({ state }) => state),
    ['online', 'reconnecting', 'online'],
  );
});

test('chat: given a terminal without a login, then every action except those of accounts answers NOT_LOGGED_IN', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  alice.session.identity = null;
  await alice.session.become('guest');
  const { chat } = alice;
  t.is(chat.username, null);
  t.is(chat.current, null);
  t.deepEqual(chat.conversations, []);
  const outcomes = [
    await chat.people(),
    await chat.rooms(),
    await chat.create('x'),
    await chat.join('x'),
    await chat.leave(null),
    await chat.members(null),
    await chat.open('#lobby'),
    await chat.startPrivate('bob'),
    await chat.say(null, 'hi'),
    await chat.links(),
  ];
  for (const outcome of outcomes) t.like(outcome, { status: 101, phrase: 'NOT_LOGGED_IN' });
  t.is(await chat.drained(0), 0);
});

test('chat: given a closed chat, then it emits no more events', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await alice.chat.close();
  const before = alice.told.length;
  await bob.chat.say(null, 'are you there?');
  await bob.chat.leave('lobby');
  await alice.session.become('offline');
  t.is(alice.told.length, before);
});
