import test from 'ava';
import { enteredDashboard } from '../../support/terminals/dashboard.js';
import { PASSWORD } from '../../support/device.js';
import { openStage } from '../../support/processes/tracker-process.js';

const MESSAGES = 500;
/** What the system and the pty hold of what was written before the reader stopped, and some frames; each message alone moves 2 KB. */
const BYTES_MAX = 300_000;

test('dashboard: a terminal that takes nothing holds nothing up, frames are dropped, and then all is right', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/join lobby');
  await alice.shows('bob joined');
  alice.pause();
  const before = alice.written.length;
  let id: unknown;
  for (let turn = 1; turn <= MESSAGES; turn += 1) {
    ({ id } = await bob.type(`${turn} ${'words and words '.repeat(6)}`));
  }
  // The program goes on while its terminal does not.
  await bob.expect(
    { event: 'delivery', id, conversation: '#lobby', state: 'delivered', acked: 1, of: 1 },
    'it',
  );
  alice.goOn();
  await alice.shows(`${MESSAGES} words`);
  t.true(alice.written.length - before < BYTES_MAX, `${alice.written.length - before} bytes were kept`);
  alice.type('and it takes keys');
  await alice.shows('> and it takes keys');
  for (let turn = MESSAGES - 5; turn <= MESSAGES; turn += 1) t.true(alice.text.includes(`${turn} words`));
});

test('dashboard: a terminal that takes nothing does not keep the program from ending', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['lobby'] });
  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/join lobby');
  await alice.shows('bob joined');
  alice.pause();
  for (let turn = 1; turn <= 200; turn += 1) await bob.type(`${turn} ${'words and words '.repeat(6)}`);
  alice.signal('SIGTERM');
  t.is(await alice.ended, 0);
});
