// The timing of refused logins, and whether it reveals that a name exists. Logins with known and unknown names alternate, one at
// a time; a rank test compares their times.
import { openGuest } from '../../specs/support/device.js';
import { type Figure, milliseconds, quantile } from '../figures.js';
import { sizeOf } from '../sizes.js';
import { startTrackerProcess } from '../tracker-process.js';

const GUESSES = sizeOf('BENCH_GUESSES', 20);
/** Below the 5 wrong passwords after which a name has to wait. */
const GUESSES_EACH = 4;
const NAMES = Math.ceil(GUESSES / GUESSES_EACH) + 1;
/** By chance alone, z is larger in only one of a hundred cases. */
const SUSPICIOUS_Z = 2.58;

export async function benchGuesses(): Promise<readonly Figure[]> {
  const trackerProcess = await startTrackerProcess();
  const guest = await openGuest(trackerProcess.invite);
  for (let name = 0; name < NAMES; name++) await guest.enter('register', `known-${name}`);
  const guess = async (username: string): Promise<number> => {
    const start = performance.now();
    const { phrase } = await guest.enter('login', username, 'not-the-password-of-anyone');
    const durationMs = performance.now() - start;
    if (phrase !== 'LOGIN_FAILED') throw new Error(`a guess was answered with ${phrase}`);
    return durationMs;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let number = -GUESSES_EACH; number < GUESSES; number++) {
    const name = Math.floor(number / GUESSES_EACH) + 1;
    const isKnownFirst = number % 2 === 0;
    const first = await guess(`${isKnownFirst ? 'known' : 'nobody'}-${name}`);
    const second = await guess(`${isKnownFirst ? 'nobody' : 'known'}-${name}`);
    // The guesses of the first name are a warm-up.
    if (number < 0) continue;
    known.push(isKnownFirst ? first : second);
    unknown.push(isKnownFirst ? second : first);
  }
  await guest.close();
  await trackerProcess.close();
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

/** Mann and Whitney's z by the normal approximation: near 0 if neither of the two samples tends to be greater. */
function rankTest(some: readonly number[], others: readonly number[]): number {
  let wins = 0;
  for (const one of some) for (const other of others) wins += one > other ? 1 : one === other ? 0.5 : 0;
  const pairs = some.length * others.length;
  return (wins - pairs / 2) / Math.sqrt((pairs * (some.length + others.length + 1)) / 12);
}
