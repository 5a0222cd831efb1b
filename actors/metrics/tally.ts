// Counters of work in progress. They wrap the host and the hasher, which do not depend on them.
import type { TrackerHost } from '../host.js';
import type { Hasher } from '../passwords/hasher.js';

export interface Tally {
  /** Counts `work` under `key` until it is settled. */
  during<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** The number of tasks in progress. */
  total(): number;
  /** The number of tasks in progress under the key that has the most. */
  most(): number;
}

export function createTally(): Tally {
  // Only keys with work in progress.
  const counts = new Map<string, number>();
  let total = 0;

  function add(key: string, change: 1 | -1): void {
    const count = (counts.get(key) ?? 0) + change;
    total += change;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  }

  return {
    async during(key, work) {
      add(key, 1);
      try {
        return await work();
      } finally {
        add(key, -1);
      }
    },
    total: () => total,
    most: () => [...counts.values()].reduce((most, count) => Math.max(most, count), 0),
  };
}

/** Wraps the host, so that `tally` counts the waiting and running commands of each aggregate. */
export function countedHost(host: TrackerHost, tally: Tally): TrackerHost {
  return {
    ...host,
    send: (request) => tally.during(`${request.kind}-${request.id}`, () => host.send(request)),
  };
}

/** Wraps the hasher, so that `tally` counts the passwords that wait or are being hashed or compared. */
export function countedHasher(hasher: Hasher, tally: Tally): Hasher {
  return {
    ...hasher,
    hash: (...all) => tally.during('hash', () => hasher.hash(...all)),
    matches: (...all) => tally.during('matches', () => hasher.matches(...all)),
  };
}
