// Whether the time of a refused login tells if the name exists: both kinds in turn, one at a time, and a rank test.
import { openGuest } from '../../specs/support/device.js';
import { type Figure, milliseconds, quantile } from '../figures.js';
import { sizeOf } from '../sizes.js';
import { openStage } from '../tracker-process.js';

const GUESSES = sizeOf('BENCH_GUESSES', 20);
/** What anybody may mistype before they have to wait is 5. */
const GUESSES_EACH = 4;
const NAMES = Math.ceil(GUESSES / GUESSES_EACH) + 1;
/** Beyond this a difference is hardly chance: one in a hundred. */
const SUSPICIOUS_Z = 2.58;

export async function benchGuesses(): Promise<readonly Figure[]> {
  const stage = await openStage();
  const guest = await openGuest(stage.invite);
  for (let name = 0; name < NAMES; name++) await guest.enter('register', `known-${name}`);
  const guess = async (username: string): Promise<number> => {
    const start = performance.now();
    const { phrase } = await guest.enter('login', username, 'not-the-password-of-anyone');
    const durationMs = performance.now() - start;
    if (phrase !== 'LOGIN_FAILED') throw new Error(`a guess was answered ${phrase}`);
    return durationMs;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let turn = -GUESSES_EACH; turn < GUESSES; turn++) {
    const name = Math.floor(turn / GUESSES_EACH) + 1;
    const isKnownFirst = turn % 2 === 0;
    const first = await guess(`${isKnownFirst ? 'known' : 'nobody'}-${name}`);
    const second = await guess(`${isKnownFirst ? 'nobody' : 'known'}-${name}`);
    // The first name only warms up.
    if (turn < 0) continue;
    known.push(isKnownFirst ? first : second);
    unknown.push(isKnownFirst ? second : first);
  }
  await guest.close();
  await stage.close();
  const z = rankTest(known, unknown);
  return [
    {
      what: `a refused login, known name, p50 of ${GUESSES}`,
      measured: milliseconds(quantile(known, 0.5)),
      limit: `${milliseconds(quantile(unknown, 0.5))} an unknown name`,
      ratio: `z ${z.toFixed(1)}: ${Math.abs(z) < SUSPICIOUS_Z ? 'no difference' : 'they differ'}`,
    },
  ];
}

/** Mann and Whitney's z, by the normal approximation: near 0 if neither of the two tends to be greater. */
function rankTest(some: readonly number[], others: readonly number[]): number {
  let wins = 0;
  for (const one of some) for (const other of others) wins += one > other ? 1 : one === other ? 0.5 : 0;
  const pairs = some.length * others.length;
  return (wins - pairs / 2) / Math.sqrt((pairs * (some.length + others.length + 1)) / 12);
}
