// Logins per second through the tracker, next to bcrypt alone in the same pool.
import { createHasher } from '../../actors/passwords/hasher.js';
import { systemClock } from '../../core/time/clock.js';
import { settings } from '../../core/config.js';
import { openGuest, PASSWORD } from '../../specs/support/device.js';
import { type Figure, perSecond, share } from '../figures.js';
import { startTrackerProcess } from '../tracker-process.js';

const LOGINS = 40;
const AT_ONCE = 8;

export async function benchLogins(): Promise<readonly Figure[]> {
  const cost = settings.bcryptCost.fallback;
  const hasher = createHasher({ cost, maxQueue: LOGINS }, systemClock);
  const hash = await hasher.hash(PASSWORD, 'bench');
  const raw = await rate(() => hasher.matches(PASSWORD, hash, 'bench'));
  await hasher.close();

  const trackerProcess = await startTrackerProcess();
  const guests = await Promise.all(Array.from({ length: AT_ONCE }, () => openGuest(trackerProcess.invite)));
  await guests[0]?.enter('register', 'alice');
  const logins = await rate((number) => guests[number % AT_ONCE]?.enter('login', 'alice'));
  for (const guest of guests) await guest.close();
  await trackerProcess.close();

  return [
    {
      what: `logins, bcrypt cost ${cost}, ${AT_ONCE} at once`,
      measured: perSecond(logins),
      limit: `${perSecond(raw)} bcrypt alone in the pool`,
      ratio: share(logins, raw),
    },
  ];
}

/** Calls of `work` per second, `AT_ONCE` at a time. */
async function rate(work: (number: number) => Promise<unknown> | undefined): Promise<number> {
  let next = 0;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (next < LOGINS) {
      next += 1;
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (1_000 * LOGINS) / (performance.now() - start);
}
