import test from 'ava';
import { enteredDashboard, KEYS, openDashboard } from '../../support/terminals/dashboard.js';
import { openStage } from '../../support/processes/tracker-process.js';

const { enter } = KEYS;

test('dashboard: after a restart old messages are shown, newer ones are below a rule, and a key loads older ones', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type('/register bob correct-horse-battery');
  await bob.type('/join lobby');
  await bob.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link to alice');
  for (let number = 0; number < 220; number += 1) await bob.type(`line ${number}`);
  await alice.shows('line 219');
  alice.type(`mine${enter}`);
  await alice.shows('mine ✓✓');
  alice.type(KEYS.quit);
  t.is(await alice.ended, 0);
  await bob.type('while you were away');

  const again = openDashboard(t, stage, 'alice');
  await again.shows('● online');
  await again.shows('while you were away');
  const lines = again.text.split('\n').map((line) => line.slice(21));
  const at = (text: string): number => lines.findIndex((line) => line.includes(text));
  t.true(at('mine ✓✓') > at('line 219'));
  t.true(at('── new ─') > at('mine'));
  t.true(at('while you were away') > at('── new ─'));
  for (let page = 0; page < 30 && !again.text.includes('line 0'); page += 1) {
    const before = again.text;
    again.type(KEYS.pageUp);
    await again.until(() => again.text !== before, 'the previous page');
  }
  await again.shows(/│ line 0$/m);
  again.type(`${KEYS.pageUp}${KEYS.pageUp}`);
  await again.shows('No older messages are stored here.');
  again.type(KEYS.alt('>'));
  await again.shows('while you were away');
});

test('dashboard: given a person with a new name, then the private conversation and its draft follow the name', async (t) => {
  const stage = await openStage(t);
  const bob = stage.terminal('bob');
  await bob.type('/register bob correct-horse-battery');
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  alice.type(`/msg bob hello${enter}`);
  await alice.shows('▸ @bob');
  await alice.shows('hello ✓✓');
  alice.type('half');
  await alice.shows('@bob> half');
  await bob.type('/rename robert');
  await alice.shows('▸ @robert');
  await alice.shows('@robert> half');
  t.regex(alice.text, /┊ hello ✓✓/);
  t.regex(alice.text, /bob is now robert/);
  t.notRegex(alice.text, /@bob/);
});

test('dashboard: notices that come while a terminal starts are shown', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice');
  alice.type(KEYS.quit);
  t.is(await alice.ended, 0);
  const bob = stage.terminal('bob');
  await bob.type('/register bob correct-horse-battery');
  await bob.type('/create den --private');
  await bob.type('/invite alice');
  await bob.expect({ event: 'notice', type: 'MemberInvited' }, 'the invitation');

  const again = openDashboard(t, stage, 'alice');
  await again.shows('● online');
  await again.shows(/--│ .*bob invited you/);
});

test('dashboard: after a logout the login form opens, without the welcome for new users', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice');
  alice.type(`/logout${enter}`);
  await alice.shows(/─ Log in ─[^]*alice is logged out\./);
  t.notRegex(alice.text, /Welcome to Partyline/);
});
