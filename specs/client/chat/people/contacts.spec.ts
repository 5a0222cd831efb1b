import test from 'ava';
import { until } from '../../../support/until.js';
import { createWorld, newDevice, type Terminal } from '../support/world.js';

async function twoInPrivate(t: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await bob.chat.startPrivate('alice');
  await bob.chat.say(null, 'hello');
  await alice.hears('message', { text: 'hello' });
  const contactsOf = ({ session }: Terminal) => world.tracker.contactsOf(session);
  return { world, alice, bob, contactsOf };
}

test('contacts: given an open account, then the tracker does not learn whom it writes to', async (t) => {
  const { world, alice, bob, contactsOf } = await twoInPrivate(t);
  await alice.chat.say('@bob', 'hello yourself');
  await bob.hears('message', { text: 'hello yourself' });
  t.like(await alice.chat.privacy(null), { status: 300, data: { choice: 'open' } });
  t.is((await contactsOf(alice)).size, 0);
  t.false(world.tracker.asked.some(({ data }) => JSON.stringify(data).includes('ACCEPT')));
});

test('contacts: given the privacy choice "contacts", then everyone the user has written to is a contact, and somebody who only wrote is not', async (t) => {
  const { world, alice, bob, contactsOf } = await twoInPrivate(t);
  const carol = await world.terminal('carol');
  await alice.chat.startPrivate('carol');
  await alice.chat.say(null, 'hi');
  await carol.hears('message', { text: 'hi' });
  t.like(await alice.chat.privacy('contacts'), { status: 300, data: { choice: 'contacts' } });
  t.deepEqual(await contactsOf(alice), new Set([carol.session.account]));
  await alice.chat.say('@bob', 'hello yourself');
  await until(async () => (await contactsOf(alice)).has(bob.session.account), 'bob is a contact');
  await alice.chat.privacy('open');
  t.is((await contactsOf(alice)).size, 0);
  await alice.chat.privacy('contacts');
  t.deepEqual(await contactsOf(alice), new Set([bob.session.account, carol.session.account]));
});

test('contacts: given a choice made at another terminal, when this one comes online, then it reports its own contacts', async (t) => {
  const { world, alice, bob, contactsOf } = await twoInPrivate(t);
  await alice.chat.say('@bob', 'hello yourself');
  const phone = await world.tracker.enrol('alice', newDevice());
  await phone.ask('People', { operation: 'PRIVACY', choice: 'contacts' });
  await alice.session.become('reconnecting');
  await alice.session.become('online');
  t.true(await alice.chat.whenOnline(60_000));
  t.deepEqual(await contactsOf(alice), new Set([bob.session.account]));
});
