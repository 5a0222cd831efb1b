import test from 'ava';
import { until } from '../../../support/until.js';
import { createWorld, type Terminal } from '../support/world.js';

const accountOf = (terminal: Terminal) => terminal.session.person.account;

async function twoInPrivate(t: Parameters<typeof createWorld>[0]) {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await bob.chat.startPrivate('alice');
  await bob.chat.say(null, 'hello');
  await alice.hears('message', { text: 'hello' });
  const contactsOf = (terminal: Terminal) => [...(world.tracker.contacts.get(accountOf(terminal)) ?? [])];
  return { world, alice, bob, contactsOf };
}

test('contacts: given an open account, then the tracker is not told whom it writes to', async (t) => {
  const { world, alice, bob } = await twoInPrivate(t);
  await alice.chat.say('@bob', 'hello yourself');
  await bob.hears('message', { text: 'hello yourself' });
  t.is(world.tracker.contacts.size, 0);
  t.like(await alice.chat.privacy(null), { status: 300, data: { privacy: 'open' } });
});

test('contacts: given the choice of contacts, then whom one has written to is one, and who only wrote is none until answered', async (t) => {
  const { world, alice, bob, contactsOf } = await twoInPrivate(t);
  const carol = await world.terminal('carol');
  await alice.chat.startPrivate('carol');
  await alice.chat.say(null, 'hi');
  await carol.hears('message', { text: 'hi' });
  t.like(await alice.chat.privacy('contacts'), { status: 300, data: { privacy: 'contacts' } });
  t.deepEqual(contactsOf(alice), [accountOf(carol)]);
  await alice.chat.say('@bob', 'hello yourself');
  await until(() => contactsOf(alice).includes(accountOf(bob)), 'the contact');
  await alice.chat.privacy('open');
  t.is(world.tracker.contacts.size, 0);
  await alice.chat.privacy('contacts');
  t.deepEqual(new Set(contactsOf(alice)), new Set([accountOf(bob), accountOf(carol)]));
});

test('contacts: given a choice that another terminal made, when this one comes online, then it tells of its own contacts', async (t) => {
  const { world, alice, bob, contactsOf } = await twoInPrivate(t);
  await alice.chat.say('@bob', 'hello yourself');
  world.tracker.contacts.set(accountOf(alice), new Set());
  await alice.session.become('reconnecting');
  await alice.session.become('online');
  await until(() => contactsOf(alice).includes(accountOf(bob)), 'the contact');
  t.pass();
});
