import test from 'ava';
import { dataOf } from '../../../support/outcome.js';
import { until } from '../../../support/until.js';
import { createWorld, newDevice, type Terminal } from '../support/world.js';

const lobby = ({ chat }: Terminal) => chat.conversationStates.find(({ label }) => label === '#lobby');
const texts = (terminal: Terminal) => terminal.all('message').map(({ text }) => text);

async function threeInLobby(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  const carol = await world.terminal('carol');
  await alice.chat.create('lobby');
  for (const one of [bob, carol]) await one.chat.join('lobby');
  await alice.hears('link', { peer: 'bob', state: 'open' });
  await carol.hears('link', { peer: 'bob', state: 'open' });
  await carol.hears('link', { peer: 'alice', state: 'open' });
  return { world, alice, bob, carol };
}

test('blocks: given a block, then the link closes, waiting messages are withdrawn, and no message is sent to the blocked user', async (t) => {
  const { alice, bob, carol } = await threeInLobby(t);
  t.like(await alice.chat.block('bob'), { status: 300, phrase: 'USER_BLOCKED' });
  await alice.hears('link', { peer: 'bob', state: 'closed', reason: 'You blocked this person.' });
  await alice.chat.say('#lobby', 'for carol');
  await carol.hears('message', { text: 'for carol' });
  t.is(await alice.chat.drained(5_000), 0, 'no message waits for bob');
  t.deepEqual(texts(bob), []);
  t.like(alice.all('delivery').at(-1), { state: 'delivered', acked: 1, of: 1 });
  t.deepEqual(dataOf(await alice.chat.blocks()), { blocks: [{ username: 'bob' }] });
  const { people } = dataOf(await alice.chat.people());
  t.deepEqual(
    people.map(({ username, isBlocked }) => [username, isBlocked]),
    [
      ['alice', false],
      ['bob', true],
      ['carol', false],
    ],
  );
});

test('blocks: given a person who is not blocked, when they are unblocked, then the refusal says so', async (t) => {
  const { alice } = await threeInLobby(t);
  t.like(await alice.chat.unblock('bob'), {
    status: 301,
    phrase: 'NOT_BLOCKED',
    message: 'bob is not blocked. /blocks lists the people you have blocked.',
  });
  t.like(await alice.chat.unblock('nobody'), { phrase: 'USERNAME_NOT_FOUND' });
  await alice.chat.block('bob');
  t.like(await alice.chat.unblock('BOB'), { phrase: 'USER_UNBLOCKED' });
  t.like(await alice.chat.unblock('bob'), { phrase: 'NOT_BLOCKED' });
});

test('blocks: given unread messages of a person, when they are blocked, then only the messages of others stay unread', async (t) => {
  const { world, alice, bob, carol } = await threeInLobby(t);
  await alice.chat.create('den');
  await bob.chat.say('#lobby', 'hi @alice');
  await carol.chat.say('#lobby', 'hello');
  await alice.hears('message', { text: 'hi @alice' });
  await alice.hears('message', { text: 'hello' });
  await until(() => lobby(alice)?.unread === 2, 'both messages are counted');
  await alice.chat.block('bob');
  t.like(lobby(alice), { unread: 1, mentions: 0 });
  t.like(alice.all('unread').at(-1), { label: '#lobby', unread: 1, mentions: 0 });
  const again = await world.restart(alice);
  t.like(lobby(again), { unread: 1, mentions: 0 });
});

test('blocks: given a private conversation with a blocked user, then no message passes until the block ends', async (t) => {
  const { alice, bob } = await threeInLobby(t);
  await bob.chat.startPrivate('alice');
  await bob.chat.say(null, 'psst');
  await alice.hears('message', { text: 'psst' });
  await alice.chat.block('bob');
  await alice.hears('link', { peer: 'bob', state: 'closed' });
  t.like(await alice.chat.say('@bob', 'no'), { status: 401, phrase: 'USER_IS_BLOCKED' });
  await bob.chat.say('@alice', 'for later');
  t.deepEqual(texts(alice), ['psst']);
  t.like(await alice.chat.unblock('bob'), { phrase: 'USER_UNBLOCKED' });
  await alice.hears('message', { text: 'for later' });
  t.like(await alice.chat.say('@bob', 'yes'), { status: 400 });
});

test('blocks: given a block made at another terminal of the account, then a push makes this one ask for it', async (t) => {
  const { world, alice } = await threeInLobby(t);
  const phone = await world.tracker.enrol('alice', newDevice());
  await phone.ask('People', { operation: 'BLOCK', username: 'bob' });
  const closed = await alice.hears('link', { peer: 'bob', state: 'closed' });
  t.is(closed.reason, 'You blocked this person.');
});

test('blocks: given a restart, then the blocks are known before any introduction', async (t) => {
  const { world, alice, carol } = await threeInLobby(t);
  await alice.chat.block('bob');
  await alice.stop();
  const again = await world.restart(alice);
  await again.hears('link', { peer: 'carol', state: 'open' });
  t.deepEqual(
    again.all('link').filter(({ peer }) => peer === 'bob'),
    [],
  );
  await carol.chat.say('#lobby', 'hello');
  await until(() => texts(again).includes('hello'), 'the others are heard');
});

test('blocks: given an introduction that arrives after the block, then it leads to no link', async (t) => {
  const { world, alice } = await threeInLobby(t);
  const late = await (await world.user('bob')).introductionTo(alice.session);
  await alice.chat.block('bob');
  await alice.hears('link', { peer: 'bob', state: 'closed' });
  alice.session.push('introduction', late.signed);
  await (await world.user('dave')).meet(alice.session);
  const linked = async (): Promise<readonly string[]> => {
    const { links } = dataOf(await alice.chat.links());
    return links.map(({ peer }) => peer);
  };
  await until(async () => (await linked()).includes('dave'), 'the introduction after it is taken');
  t.deepEqual(await linked(), ['carol', 'dave']);
});
