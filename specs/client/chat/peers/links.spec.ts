import test from 'ava';
import { failure } from '../../../../client/links/failure.js';
import { dataOf } from '../../../support/outcome.js';
import { until } from '../../../support/until.js';
import { createWorld } from '../support/world.js';

test('links: given a carrier that cannot connect, when a private conversation chooses it, then the answer says so and messages wait until the choice is auto', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  const started = await alice.chat.startPrivate('bob', 'udp');
  t.like(started, { status: 300, data: { conversation: '@bob' } });
  t.regex(started.message, /Only udp carries @bob.*No link yet: bob: /);
  const asked = world.tracker.asked.findLast(({ title, by }) => title === 'PRIVATE' && by === alice.device);
  t.is(asked?.connection, 'UDP');
  await alice.chat.say(null, 'sooner or later');
  t.is(await alice.chat.drained(0), 1);
  t.like(dataOf(await alice.chat.links()), {
    links: { 0: { peer: 'bob', carrier: null, choice: 'udp', queued: 1 } },
  });
  t.like(await alice.chat.link(null, 'auto'), {
    status: 500,
    data: { conversation: '@bob', choice: 'auto', unreached: 0 },
  });
  await bob.hears('message', { text: 'sooner or later' });
  t.is(await alice.chat.drained(5_000), 0);
});

test('links: given a carrier choice, when the terminal restarts, then the choice still holds', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await world.terminal('bob');
  await alice.chat.startPrivate('bob', 'relay');
  await alice.stop();
  const again = await world.restart(alice);
  await until(async () => {
    const { links } = dataOf(await again.chat.links());
    return links.some(({ choice }) => choice === 'relay');
  }, 'the choice');
});

test('links: given different choices for a room and a private conversation, then the private one wins, and both answers and the list say so', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  t.regex((await alice.chat.link('#lobby', 'udp')).message, /No link yet: bob/);
  const chosen = await alice.chat.startPrivate('bob', 'tcp');
  t.regex(
    chosen.message,
    /This choice takes precedence over udp for #lobby with bob, because one link carries both conversations\./,
  );
  const [link] = dataOf(await alice.chat.links()).links;
  t.regex(
    link?.reason ?? '',
    /udp was chosen for #lobby, but the choice for another conversation takes precedence/,
  );
  const told = await alice.chat.link('#lobby', 'relay');
  t.regex(told.message, /takes precedence for bob over tcp/);
  await alice.chat.say('#lobby', 'still here');
  await bob.hears('message', { conversation: '#lobby', text: 'still here' });
});

test('links: given a carrier chosen for a room and another one for a person, when that person joins, then the user learns at once which one is used', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  const carol = await world.terminal('carol');
  await alice.chat.create('lobby');
  await alice.chat.startPrivate('bob', 'tcp');
  await alice.chat.link('#lobby', 'udp');
  await carol.chat.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined', username: 'carol' });
  const conflicts = () => alice.all('warning').filter(({ type }) => type === 'CarrierConflict');
  t.deepEqual(conflicts(), []);
  await bob.chat.join('lobby');
  const { message } = await alice.hears('warning', { type: 'CarrierConflict' });
  t.regex(message, /carriers for #lobby .* use one carrier: bob over tcp\. Use \/link/);
  t.is(conflicts().length, 1);
});

test('links: given one carrier chosen for a room, when auto is chosen for a private conversation, then the choice of the room holds', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await alice.chat.link('#lobby', 'tcp');
  const told = await alice.chat.startPrivate('bob', 'auto');
  t.regex(told.message, /takes precedence for bob over tcp/);
  t.like(dataOf(await alice.chat.links()), { links: { 0: { choice: 'tcp' } } });
});

test('links: given the choice auto, when it is chosen again, then better carriers are tried at once', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.hears('link', { state: 'open' });
  t.regex((await alice.chat.link(null, 'auto')).message, /Better carriers are tried now/);
  t.deepEqual(world.net.end(alice.device).retried, [bob.device]);
});

for (const [code, isShown] of [
  ['abandoned', false],
  ['timeout', false],
  ['not-introduced', false],
  ['handshake-failed', true],
] as const) {
  test(`links: given an incoming connection that is refused as ${code}, then the user sees ${isShown ? 'the reason' : 'nothing'}`, async (t) => {
    const world = await createWorld(t);
    const alice = await world.terminal('alice');
    await world.net.end(alice.device).events.emit('refused', { carrier: 'tcp', reason: failure(code) });
    t.is(alice.all('link').filter(({ peer }) => peer === 'unknown').length, isShown ? 1 : 0);
  });
}

test('links: given a person whose link opens a moment after the choice, then the answer waits for it', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  world.net.cut(alice.device, bob.device);
  await alice.chat.startPrivate('bob');
  const choosing = alice.chat.link(null, 'tcp');
  setTimeout(() => world.net.heal(alice.device, bob.device), 50);
  const chosen = await choosing;
  t.like(chosen, { data: { unreached: 0 } });
  t.notRegex(chosen.message, /No link yet/);
});

test('links: given no conversation or an unknown one, then a choice is refused with a sentence', async (t) => {
  const alice = await (await createWorld(t)).terminal('alice');
  t.like(await alice.chat.link(null, 'tcp'), { status: 501, phrase: 'INVALID_COMMAND' });
  t.like(await alice.chat.link('#nowhere', 'tcp'), { status: 501, phrase: 'INVALID_COMMAND' });
});

test('links: given an open link, then the list shows its reason, age and traffic', async (t) => {
  const world = await createWorld(t, 'tcp');
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.chat.say(null, 'hello');
  await bob.hears('message', { text: 'hello' });
  const [link] = dataOf(await bob.chat.links()).links;
  t.like(link, { peer: 'alice', carrier: 'tcp', choice: 'auto', queued: 0 });
  t.true((link?.receivedBytes ?? 0) > 5);
  t.true((link?.ageMs ?? -1) >= 0);
  // An attempt before the other terminal received its introduction is refused, and made again.
  t.like(link?.attempts.at(-1), { carrier: 'tcp', reason: null });
});

test('links: given a link that breaks, then /why explains it; given a link that the peer closes, then /why keeps its earlier explanation', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob', 'tcp');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  world.net.cut(alice.device, bob.device);
  await alice.hears('link', { peer: 'bob', state: 'closed' });
  t.like(await alice.chat.why(), { data: { event: 'link closed', by: 'bob' } });
  world.net.heal(alice.device, bob.device);
  await until(() => alice.all('link').at(-1)?.state === 'open', 'the link');
  const refused = await alice.chat.join('not a room');
  t.like(refused, { phrase: 'INVALID_COMMAND' });
  alice.chat.noteOutcome(refused);
  const told = alice.all('link').length;
  await bob.stop();
  await until(() => alice.all('link').length > told, 'the link closes');
  t.like(await alice.chat.why(), { data: { event: 'INVALID_COMMAND' } });
});
