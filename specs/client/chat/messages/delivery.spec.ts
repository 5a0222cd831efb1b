import test from 'ava';
import { writeFrame } from '../../../../client/chat/messages/wire.js';
import { respond } from '../../../../core/protocol/envelope.js';
import { until } from '../../../support/until.js';
import { meetStranger } from '../support/stranger.js';
import { createWorld } from '../support/world.js';

const requests = (frames: readonly { readonly kind: string }[]): number =>
  frames.filter(({ kind }) => kind === 'request').length;

test('delivery: given a peer that refuses a message, then the user sees why, and the message stays undelivered and is not sent again', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  bob.answers = () => ({ phrase: 'NOT_A_RECIPIENT', message: 'Not for\u001b me.' });
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'hello?');
  await until(
    () => alice.all('link').some(({ reason }) => reason.includes('NOT_A_RECIPIENT')),
    'the refusal is shown',
  );
  const devices = new Set(alice.all('link').map(({ device }) => device));
  t.deepEqual([...devices], [bob.user.device], 'the refusal is reported for the device of bob');
  t.like(alice.all('delivery').at(-1), { state: 'sent', acked: 0, of: 1 });
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

test('delivery: given a peer that cannot store a message now, then it is sent again only when the link reopens', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  bob.answers = () => ({ phrase: 'UNAVAILABLE' });
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'hello?');
  await until(
    () => alice.all('link').some(({ reason }) => reason.includes('UNAVAILABLE')),
    'the refusal is shown',
  );
  t.like(await bob.say({}), { status: 401 }, 'everything that alice sent before this answer has arrived');
  t.is(await alice.chat.drained(0), 1);
  t.is(requests(bob.frames), 1);
  bob.answers = () => ({ phrase: 'MESSAGE_SENT' });
  world.net.cut(alice.device, bob.user.device);
  world.net.heal(alice.device, bob.user.device);
  t.is(await alice.chat.drained(5_000), 0);
  t.is(requests(bob.frames), 2);
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
