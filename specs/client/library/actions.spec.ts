import test from 'ava';
import { PartylineError } from '../../../client/library/error.js';
import { createWorld } from '../chat/support/world.js';
import { botIn, botOf, follow, sees, texts } from './scene.js';

test('library: given an admin bot, then each action answers with its code and its data', async (t) => {
  const world = await createWorld(t);
  const { bot, terminal } = await botIn(t, world, 'robot', 'lobby');
  const alice = await world.terminal('alice');
  await alice.chat.join('lobby');
  await terminal.hears('notice', { type: 'MemberJoined', username: 'alice' });

  t.like(await bot.create('lobby'), { ok: false, status: 201, phrase: 'CREATION_FAILURE' });
  t.like(await bot.join('#lobby'), {
    ok: false,
    status: 201,
    phrase: 'JOIN_FAILURE',
    reason: 'ALREADY_MEMBER',
  });
  t.like(await bot.setTopic('lobby', 'tea'), { ok: true, status: 200, data: { topic: 'tea' } });
  t.like(await bot.topic('#lobby'), { ok: true, data: { topic: 'tea' } });
  const rooms = await bot.rooms();
  t.like(rooms, { ok: true, status: 200 });
  t.deepEqual(rooms.ok && rooms.data, [
    { name: 'lobby', members: 2, topic: 'tea', private: false, joined: true },
  ]);
  const members = await bot.members('lobby');
  t.deepEqual(members.ok && members.data.members.map(({ username, admin }) => [username, admin]), [
    ['robot', true],
    ['alice', false],
  ]);
  t.is(members.ok && members.data.next, 'alice');

  await bot.create('den', { isPrivate: true });
  t.like(await bot.invite('den', 'alice'), { ok: true, data: { conversation: '#den', username: 'alice' } });
  t.like(await bot.promote('lobby', 'alice'), { ok: true, data: { conversation: '#lobby' } });
  t.like(await bot.demote('lobby', 'alice'), { ok: true });
  t.like(await bot.remove('lobby', 'alice', 'too loud'), {
    ok: true,
    status: 200,
    phrase: 'MEMBER_REMOVED_S',
  });
  t.like(await alice.hears('notice', { type: 'MemberRemoved' }), { by: 'robot', reason: 'too loud' });
  t.like(await bot.ban('lobby', 'alice', ''), { ok: false, reason: null });
  t.like(await bot.unban('lobby', 'alice'), { ok: false });
  t.like(await bot.mute('#den'), {
    ok: true,
    data: { conversation: '#den', user: null, level: 'all', until: null },
  });
  t.like(await bot.unmute('#den'), { ok: true, data: null });
  t.like(await bot.leave('den'), { ok: true, data: { next: null } });
  t.like(await bot.remove('nowhere', 'alice', ''), { ok: false, status: 201, phrase: 'NOT_A_MEMBER' });
});

test('library: given moderation in two rooms at once, then each takes place in its own room', async (t) => {
  const world = await createWorld(t);
  const { bot } = await botIn(t, world, 'robot', 'lobby');
  await bot.create('den');
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => {
      const room = index % 2 === 0 ? 'lobby' : 'den';
      return bot.setTopic(room, `${room} ${index}`);
    }),
  );
  t.true(answers.every(({ ok }) => ok));
  t.like(await bot.topic('lobby'), { ok: true, data: { topic: 'lobby 4' } });
  t.like(await bot.topic('den'), { ok: true, data: { topic: 'den 5' } });
});

test('library: given a person without a conversation, then send opens it; the answer comes in the loop and is stored', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const { bot } = await botIn(t, world, 'robot', 'lobby');
  const { events } = follow(bot, () => undefined);
  t.like(await bot.send('@nobody', 'hello'), { ok: false, status: 301, phrase: 'USERNAME_NOT_FOUND' });
  const sent = await bot.send('@alice', 'hello **you**');
  t.like(sent, { ok: true, status: 400, phrase: 'MESSAGE_SENT' });
  t.like(await alice.hears('message', { text: 'hello you' }), { hops: 1, conversation: '@robot' });
  await alice.chat.say('@robot', 'and you');
  await sees(events, 'and you');
  t.deepEqual(texts(events), ['and you']);
  t.is(await bot.drained(), 0);
  const page = await bot.history('@alice', { count: 1 });
  t.like(page.ok && page.data[0], { from: 'alice', text: 'and you' });
});

test('library: a bot has its mark in the list of people, for others and in the JSON shape', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const { bot } = await botIn(t, world, 'robot', 'lobby');
  const listed = await alice.chat.people();
  t.deepEqual(listed.isOk && listed.data.people.map(({ username, isBot }) => [username, isBot]), [
    ['alice', undefined],
    ['robot', true],
  ]);
  const own = await bot.people();
  t.deepEqual(own.ok && own.data.map((one) => [one.username, one.bot]), [
    ['alice', undefined],
    ['robot', true],
  ]);
});

test('library: given a signal, when it aborts, then the call rejects with its reason, and the bot goes on', async (t) => {
  const world = await createWorld(t);
  const { bot } = await botIn(t, world, 'robot', 'lobby');
  world.tracker.isUp = false;
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error('enough');
  const calls = [
    bot.rooms({ signal }),
    bot.people({ signal }),
    bot.members('lobby', { signal }),
    bot.join('den', { signal }),
    bot.create('den', { signal }),
    bot.leave('lobby', { signal }),
    bot.topic('lobby', { signal }),
    bot.setTopic('lobby', 'tea', { signal }),
    bot.remove('lobby', 'alice', '', { signal }),
    bot.ban('lobby', 'alice', '', { signal }),
    bot.unban('lobby', 'alice', { signal }),
    bot.invite('lobby', 'alice', { signal }),
    bot.promote('lobby', 'alice', { signal }),
    bot.demote('lobby', 'alice', { signal }),
    bot.mute('#lobby', { signal }),
    bot.unmute('#lobby', { signal }),
    bot.history('#lobby', { signal }),
    bot.send('#lobby', 'hello', { signal }),
    bot.drained({ signal }),
  ];
  controller.abort(reason);
  for (const call of calls) t.is(await t.throwsAsync(call), reason);
  t.is(await t.throwsAsync(bot.rooms({ signal })), reason, 'a call after the abort does not begin');
  world.tracker.isUp = true;
  t.like(await bot.topic('lobby'), { ok: true });
});

test('library: given the signal of the connection, when it aborts, then the loop ends and every call rejects', async (t) => {
  const world = await createWorld(t);
  const controller = new AbortController();
  const { bot } = await botIn(t, world, 'robot', 'lobby', { signal: controller.signal });
  const { ended } = follow(bot, () => undefined);
  const reason = new Error('stop');
  controller.abort(reason);
  await t.notThrowsAsync(ended);
  t.is(await t.throwsAsync(bot.rooms()), reason);
  await t.notThrowsAsync(bot.close());
});

test('library: given a closed chat, then calls reject with an error that says so, and listeners get nothing more', async (t) => {
  const world = await createWorld(t);
  const terminal = await world.terminal('robot', { isBot: true });
  const { bot } = botOf(t, terminal);
  const states: string[] = [];
  bot.on('session', ({ state }) => states.push(state));
  const ending = new AbortController();
  bot.on('session', () => states.push('never'), { signal: ending.signal });
  ending.abort();
  const off = bot.on('session', () => states.push('never'));
  off();
  await terminal.session.become('reconnecting');
  await terminal.session.become('online');
  t.deepEqual(states, ['reconnecting', 'online']);
  await bot.close();
  await terminal.session.become('reconnecting');
  t.deepEqual(states, ['reconnecting', 'online']);
  await t.throwsAsync(bot.rooms(), { instanceOf: PartylineError, message: 'The chat is closed.' });
  t.deepEqual(await bot[Symbol.asyncIterator]().next(), { done: true, value: undefined });
});
