import { performance } from 'node:perf_hooks';
import test from 'ava';
import { createHasher } from '../../../actors/passwords/hasher.js';
import { HasherBusyError } from '../../../actors/passwords/queue.js';
import { systemClock } from '../../../core/time/clock.js';
import { InvariantError } from '../../../core/errors.js';
import { testHasher } from '../tracker-fixture.js';

const password = 'correct-horse-battery';
const origin = '192.0.2.1';

test('hasher: given its own hash, then the password matches and another does not', async (t) => {
  const hasher = testHasher(t);
  const hash = await hasher.hash(password, origin);
  t.regex(hash, /^\$2[aby]\$10\$.{53}$/);
  t.not(await hasher.hash(password, origin), hash, 'salted');
  t.true(await hasher.matches(password, hash, origin));
  t.false(await hasher.matches(`${password}!`, hash, origin));
});

test('hasher: given a letter composed in another way, then the password matches all the same', async (t) => {
  const hasher = testHasher(t);
  t.true(await hasher.matches('gru\u0308ner Tee', await hasher.hash('grüner Tee', origin), origin));
});

test('hasher: given a longer password that begins like a right one of 72 bytes, then it does not match', async (t) => {
  const hasher = testHasher(t);
  const longest = 'k7#pQz1x'.repeat(9);
  const hash = await hasher.hash(longest, origin);
  t.true(await hasher.matches(longest, hash, origin));
  t.false(await hasher.matches(`${longest}!`, hash, origin));
});

test('hasher: given no hash, then bcrypt still runs and the answer is no', async (t) => {
  const hasher = testHasher(t);
  const hash = await hasher.hash(password, origin);
  const timed = async (known: string | null): Promise<number> => {
    const start = performance.now();
    t.false(await hasher.matches('wrong-horse-battery', known, origin));
    return performance.now() - start;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 5; round++) {
    known.push(await timed(hash));
    unknown.push(await timed(null));
  }
  // This holds on every machine: without bcrypt the unknown user's check would be a hundred times faster.
  t.true(Math.min(...unknown) > Math.min(...known) / 4);
});

test('hasher: given a password for the decoy itself, then it still does not match', async (t) => {
  const hasher = testHasher(t);
  const attempts = ['', '.', '\0', 'password'].map((attempt) => hasher.matches(attempt, null, origin));
  t.deepEqual(await Promise.all(attempts), [false, false, false, false]);
});

test('hasher: given more passwords than may wait, then the others are refused at once, and the waiting ones are hashed', async (t) => {
  const hasher = testHasher(t, 10, 2);
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => hasher.hash(password, origin)));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  const done = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  t.true(refused.length > 0);
  t.true(refused.every(({ reason }) => reason instanceof HasherBusyError));
  t.true(done.length >= 2);
  t.true(
    await hasher.matches(password, await hasher.hash(password, origin), origin),
    'and later ones are taken again',
  );
});

test('hasher: given a hash of a lower cost, then it is outdated; of the same or a higher one, then not', (t) => {
  const hasher = testHasher(t, 11);
  t.true(hasher.isOutdated(`$2b$04$${'.'.repeat(53)}`));
  t.true(hasher.isOutdated(`$2b$10$${'.'.repeat(53)}`));
  t.false(hasher.isOutdated(`$2b$11$${'.'.repeat(53)}`));
  t.false(hasher.isOutdated(`$2b$12$${'.'.repeat(53)}`));
});

test('hasher: given a cost that makes stolen hashes cheap, then it does not start', (t) => {
  t.throws(() => createHasher({ cost: 9, maxQueue: 1 }, systemClock), { instanceOf: InvariantError });
});

test('hasher: given no password so far, then it closes', async (t) => {
  await t.notThrowsAsync(createHasher({ cost: 10, maxQueue: 1 }, systemClock).close());
});
