import test from 'ava';
import { enteredDashboard } from '../../support/terminals/dashboard.js';
import { PASSWORD } from '../../support/device.js';
import { openStage } from '../../support/processes/tracker-process.js';

const MESSAGES = 500;
/**
 * The maximum output after the pause: the buffers of the system and the pty, and some frames. One frame for each message would
 * write 2 KB each, 1 MB in all.
 */
const BYTES_MAX = 300_000;

test('dashboard: given a terminal that accepts no output, then the program goes on, frames are dropped, and the screen is right afterwards', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/join lobby');
  await alice.shows('bob joined');
  alice.pause();
  const before = alice.written.length;
  let id: unknown;
  for (let number = 1; number <= MESSAGES; number += 1) {
    ({ id } = await bob.type(`${number} ${'words and words '.repeat(6)}`));
  }
  // The program goes on while its terminal is paused.
  await bob.expect(
    { event: 'delivery', id, conversation: '#lobby', state: 'delivered', acked: 1, of: 1 },
    'it',
  );
  alice.resume();
  await alice.shows(`${MESSAGES} words`);
  t.true(alice.written.length - before < BYTES_MAX, `${alice.written.length - before} bytes were buffered`);
  alice.type('and it takes keys');
  await alice.shows('> and it takes keys');
  for (let number = MESSAGES - 5; number <= MESSAGES; number += 1)
    t.true(alice.text.includes(`${number} words`));
});

test('dashboard: given a terminal that accepts no output, then the program still ends', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/join lobby');
  await alice.shows('bob joined');
  alice.pause();
  for (let number = 1; number <= 200; number += 1)
    await bob.type(`${number} ${'words and words '.repeat(6)}`);
  alice.signal('SIGTERM');
  t.is(await alice.ended, 0);
});
