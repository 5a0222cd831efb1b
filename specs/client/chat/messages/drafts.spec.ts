import test from 'ava';
import { createWorld } from '../support/world.js';

test('drafts: given unsent text in two conversations, then it is there after a crash, also under a new name', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await alice.chat.startPrivate('bob');
  alice.chat.keepDraft('#lobby', 'half a sentence');
  alice.chat.keepDraft('@bob', 'dear bob');
  t.is(alice.chat.draftOf('#lobby'), 'half a sentence');
  await bob.chat.rename('robert');
  await alice.hears('notice', { type: 'UsernameChanged', username: 'robert' });
  t.is(alice.chat.draftOf('@robert'), 'dear bob');

  // The terminal is not stopped before the restart, as in a crash.
  const again = await world.restart(alice);
  t.is(again.chat.draftOf('#lobby'), 'half a sentence');
  t.is(again.chat.draftOf('@robert'), 'dear bob');
  again.chat.keepDraft('#lobby', '');
  t.is(again.chat.draftOf('#lobby'), '');
  t.is((await world.restart(again)).chat.draftOf('#lobby'), '');
});

test('drafts: a conversation that is not open has no draft', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  alice.chat.keepDraft('#attic', 'lost');
  t.is(alice.chat.draftOf('#attic'), '');
});
