import test from 'ava';
import Libsql from 'libsql';
import { writeFrame } from '../../../../client/chat/peers/wire.js';
import { respond } from '../../../../core/protocol/envelope.js';
import { until } from '../../../support/until.js';
import { allLinked, lobby, textsOf } from '../support/lobby.js';
import { meetStranger } from '../support/stranger.js';
import { createWorld } from '../support/world.js';

const requests = (frames: readonly { readonly kind: string }[]): number =>
  frames.filter(({ kind }) => kind === 'request').length;

test('delivery: given a peer that refuses a message, then the user sees why, and the message is refused for good and not sent again', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  bob.answers = () => ({ phrase: 'NOT_A_RECIPIENT', message: 'Not for\u001b me.' });
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'hello?');
  const told = await alice.hears('delivery', { state: 'refused' });
  t.like(told, { acked: 0, of: 1, refused: 1 });
  t.deepEqual(told.refusal, { by: 'bob', phrase: 'NOT_A_RECIPIENT', reason: 'Not for me.' });
  t.is(
    alice.all('link').filter(({ state }) => state === 'open').length,
    1,
    'a refusal is no event of a link',
  );
  const why = await alice.chat.why();
  t.like(why, { data: { event: 'NOT_A_RECIPIENT', by: 'bob' } });
  t.regex(why.message, /Not for me\./);
  t.is(await alice.chat.drained(1_000), 0);
  world.net.cut(alice.device, bob.user.device);
  world.net.heal(alice.device, bob.user.device);
  bob.answers = () => ({ phrase: 'MESSAGE_SENT' });
  await alice.chat.say(null, 'and now?');
  await alice.hears('delivery', { state: 'delivered' });
  t.is(requests(bob.frames), 2);
});

for (const phrase of ['UNAVAILABLE', 'BUSY', 'INTERNAL'] as const) {
  test(`delivery: given a peer that answers ${phrase}, then the user sees why, and the message is sent again over the same link until the peer takes it`, async (t) => {
    const world = await createWorld(t);
    const alice = await world.terminal('alice');
    const bob = await meetStranger(world, alice, 'bob');
    bob.answers = () => ({ phrase });
    await alice.chat.startPrivate('bob');
    await alice.chat.say(null, 'hello?');
    const told = await until(
      () => alice.all('delivery').find(({ refusal }) => refusal?.phrase === phrase),
      'the refusal is shown',
    );
    t.like(told, { state: 'queued', acked: 0, of: 1, refused: 0, refusal: { by: 'bob' } });
    t.is(await alice.chat.drained(0), 1);
    bob.answers = () => ({ phrase: 'MESSAGE_SENT' });
    await alice.hears('delivery', { state: 'delivered' });
    t.is(requests(bob.frames), 2);
    t.is(alice.all('link').filter(({ state }) => state === 'closed').length, 0, 'the link stands');
  });
}

test('delivery: given a message that waits for its repetition, when the link reopens, then it is sent at once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  bob.answers = () => ({ phrase: 'UNAVAILABLE' });
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'hello?');
  await until(() => requests(bob.frames) === 1, 'the first attempt');
  bob.answers = () => ({ phrase: 'MESSAGE_SENT' });
  world.net.cut(alice.device, bob.user.device);
  world.net.heal(alice.device, bob.user.device);
  t.is(await alice.chat.drained(5_000), 0);
});

test('delivery: given a reader whose history is locked by another program, when the lock is released, then the message arrives over the same link', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.hears('link', { state: 'open' });
  const other = new Libsql(bob.file);
  other.exec('BEGIN IMMEDIATE');
  await alice.chat.say(null, 'hello?');
  await until(
    () => alice.all('delivery').some(({ refusal }) => /holds the lock/.test(refusal?.reason ?? '')),
    'the reason',
  );
  other.exec('ROLLBACK');
  other.close();
  await alice.hears('delivery', { state: 'delivered' });
  t.is(bob.all('message').length, 1);
});

test('delivery: given an author whose history is locked by another program, then the line is refused with the reason, and works after the lock is released', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await world.user('bob');
  await alice.chat.startPrivate('bob');
  const other = new Libsql(alice.file);
  other.exec('BEGIN IMMEDIATE');
  const refused = await alice.chat.say(null, 'hello?');
  t.like(refused, { isOk: false, status: 501, phrase: 'UNAVAILABLE' });
  t.regex(refused.message, /Another program holds the lock of history\.db, so nothing was stored/);
  other.exec('ROLLBACK');
  other.close();
  t.like(await alice.chat.say(null, 'hello?'), { isOk: true, phrase: 'MESSAGE_SENT' });
});

test('delivery: given a peer that never answers, then at most one window of messages is sent', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  bob.answers = () => null;
  await alice.chat.startPrivate('bob');
  await Promise.all(Array.from({ length: 300 }, (_, index) => alice.chat.say(null, `line ${index}`)));
  await until(() => requests(bob.frames) === 256, 'one window is sent');
  t.like(await bob.say({}), { status: 401 }, 'everything that alice sent before this answer has arrived');
  t.is(await alice.chat.drained(0), 300);
  t.is(requests(bob.frames), 256);
});

test('delivery: given an answer from a device that was not asked, then it changes nothing', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const mallory = await meetStranger(world, alice, 'mallory');
  bob.answers = () => null;
  await bob.user.join('lobby');
  await alice.hears('notice', { username: 'bob' });
  await alice.chat.say(null, 'for bob');
  const asked = await until(() => bob.frames.find(({ kind }) => kind === 'request'), 'bob has it');
  t.is(asked.kind, 'request');
  if (asked.kind === 'request')
    mallory.send(writeFrame(respond(asked.request, 4, { phrase: 'MESSAGE_SENT' })));
  t.like(await mallory.say({}), { status: 401 });
  t.is(await alice.chat.drained(0), 1);
});

test('delivery: given a room without other members, then a message is complete at once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  await alice.chat.say(null, 'hello?');
  t.like(await alice.hears('delivery', {}), { state: 'delivered', acked: 0, of: 0, refused: 0 });
  const page = await alice.chat.history(null, 10);
  t.deepEqual(page.isOk && page.data.messages.map(({ reach }) => reach), [{ acked: 0, of: 0, refused: 0 }]);
  const bob = await world.terminal('bob');
  await bob.chat.join('lobby');
  await alice.chat.say(null, 'welcome');
  await bob.hears('message', { text: 'welcome' });
  t.is(bob.all('message').length, 1, 'a new member gets no message from before it joined');
});

test('delivery: given one recipient that refuses and one that accepts, then the message has a final state that counts both', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const carol = await meetStranger(world, alice, 'carol');
  bob.answers = () => ({ phrase: 'INVALID_FORMAT', message: 'It cannot be read.' });
  for (const { user } of [bob, carol]) {
    await user.join('lobby');
    await alice.hears('notice', { type: 'MemberJoined', username: user.username });
  }
  await alice.chat.say(null, 'hello');
  t.like(await alice.hears('delivery', { state: 'refused' }), { acked: 1, of: 2, refused: 1 });
  t.is(await alice.chat.drained(0), 0);
});

test('delivery: given messages that wait, when their author is removed from the room, then they have a final state', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = await world.terminal('mallory');
  const bob = await world.terminal('bob');
  await alice.chat.create('lobby');
  for (const one of [mallory, bob]) await one.chat.join('lobby');
  await mallory.hears('notice', { type: 'MemberJoined', username: 'bob' });
  await bob.stop();
  world.net.cut(alice.device, mallory.device);
  await mallory.chat.say('#lobby', 'buy this');
  await mallory.hears('delivery', { state: 'queued', of: 2 });
  t.like(await alice.chat.moderate({ operation: 'REMOVE', username: 'mallory', reason: '' }), {
    status: 200,
  });
  const told = await mallory.hears('delivery', { state: 'refused' });
  t.like(told, { acked: 0, of: 2, refused: 2, refusal: { by: null, phrase: 'NOT_A_RECIPIENT' } });
  t.is(told.refusal?.reason, 'You were removed from #lobby.');
  t.is(await mallory.chat.drained(0), 0);
  world.net.heal(alice.device, mallory.device);
  const page = await mallory.history.messagesBefore(
    (await world.tracker.room('lobby')).conversation,
    null,
    1,
  );
  t.deepEqual(await mallory.history.progress(page[0]?.position ?? 0), { acked: 0, of: 2, refused: 2 });
});

test('delivery: given a recipient who leaves, then the message is final for those who remain', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const bob = await meetStranger(world, alice, 'bob');
  const carol = await meetStranger(world, alice, 'carol');
  carol.answers = () => null;
  for (const { user } of [bob, carol]) {
    await user.join('lobby');
    await alice.hears('notice', { type: 'MemberJoined', username: user.username });
  }
  await alice.chat.say(null, 'hello');
  await alice.hears('delivery', { state: 'sent', acked: 1, of: 2 });
  await carol.user.leave('lobby');
  t.like(await alice.hears('delivery', { state: 'delivered' }), { acked: 1, of: 1, refused: 0 });
});

test('delivery: given messages sent without waiting for each other, then both sides have them in the order of the calls', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await allLinked(world, [alice, bob]);
  const texts = Array.from({ length: 300 }, (_, at) => `message ${at}`);
  const answers: string[] = [];
  const saying = texts.map(async (text) => {
    const { phrase } = await alice.chat.say(null, text);
    answers.push(`${text} ${phrase}`);
  });
  await Promise.all(saying);
  t.deepEqual(
    answers,
    texts.map((text) => `${text} MESSAGE_SENT`),
  );
  await until(() => bob.all('message').length === texts.length, 'all are shown');
  t.deepEqual(
    bob.all('message').map(({ text }) => text),
    texts,
  );
  t.deepEqual(await textsOf(bob, await lobby(world)), texts);
});
