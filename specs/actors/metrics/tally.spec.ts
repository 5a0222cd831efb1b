import test from 'ava';
import { UNKNOWN_ORIGIN } from '../../../core/origin.js';
import { countedHasher, createTally } from '../../../actors/metrics/tally.js';
import { testHasher } from '../tracker-fixture.js';

test('tally: work is counted until it succeeds or fails', async (t) => {
  const tally = createTally();
  const ends: (() => void)[] = [];
  const begin = (key: string) => tally.during(key, () => new Promise<void>((resolve) => ends.push(resolve)));
  const all = [begin('room-a'), begin('room-a'), begin('room-b')];
  t.deepEqual([tally.total(), tally.most()], [3, 2]);
  for (const end of ends) end();
  await Promise.all(all);
  await t.throwsAsync(tally.during('room-c', () => Promise.reject(new Error('refused'))));
  t.deepEqual([tally.total(), tally.most()], [0, 0]);
});

test('tally: a hasher that is counted hashes as before', async (t) => {
  const tally = createTally();
  const hasher = countedHasher(testHasher(t), tally);
  const hashing = hasher.hash('correct-horse-battery', UNKNOWN_ORIGIN);
  t.is(tally.total(), 1);
  t.true(await hasher.matches('correct-horse-battery', await hashing, UNKNOWN_ORIGIN));
  t.is(tally.total(), 0);
});
