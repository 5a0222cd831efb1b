// Hashes and compares passwords off the main thread, in a pool that starts with the first password and takes on no
// more than it can do, from each origin in turn. It stores nothing.
import { availableParallelism } from 'node:os';
import { genSaltSync, getRounds } from 'bcryptjs';
import { Piscina } from 'piscina';
import type { Clock } from '../../core/time/clock.js';
import { invariant } from '../../core/errors.js';
import { limits } from '../../core/protocol/limits.js';
import { normalisePassword } from './policy.js';
import { createFairQueue } from './queue.js';
import type { HashingResult, HashingTask } from './worker.js';

/** Below this a stolen table of hashes is cheap to search. */
export const MIN_COST = 10;
const IDLE_MS = 60_000;

/** A terminal gives up after as long. */
const PATIENCE_MS = 10_000;

/** Both kinds of work reject with `HasherBusyError` when there is no room for it, or when its turn comes too late. */
export interface Hasher {
  hash(password: string, origin: string): Promise<string>;
  /** Takes the same time when `hash` is null (nobody of that name), and is then false. */
  matches(password: string, hash: string | null, origin: string): Promise<boolean>;
  /** Whether a hash is cheaper to search than those made now. */
  isOutdated(hash: string): boolean;
  close(): Promise<void>;
}

export interface HasherOptions {
  /** bcrypt's cost, at least `MIN_COST`. */
  readonly cost: number;
  /** How many passwords may wait; half of them from one origin. */
  readonly maxQueue: number;
}

export function createHasher({ cost, maxQueue }: HasherOptions, clock: Clock): Hasher {
  invariant(cost >= MIN_COST, `the bcrypt cost is at least ${MIN_COST}, not ${cost}`);
  let pool: Piscina<HashingTask, HashingResult> | null = null;
  const workers = availableParallelism();
  const queue = createFairQueue({ workers, maxQueue, patienceMs: PATIENCE_MS, clock });
  // A well-formed hash that no password is known for: comparing with it costs what comparing with any does.
  const decoy = genSaltSync(cost) + '.'.repeat(31);

  async function work(task: HashingTask): Promise<HashingResult> {
    pool ??= new Piscina({
      filename: new URL('worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: IDLE_MS,
    });
    return pool.run(task);
  }

  const run = (task: HashingTask, origin: string) => queue.run(origin, () => work(task));

  async function hash(password: string, origin: string): Promise<string> {
    const result = await run({ kind: 'hash', password: normalisePassword(password), cost }, origin);
    invariant('hash' in result, 'the worker answered a hash with something else');
    return result.hash;
  }

  return {
    hash,
    async matches(password, known, origin) {
      const normal = normalisePassword(password);
      const result = await run({ kind: 'compare', password: normal, hash: known ?? decoy }, origin);
      invariant('isMatch' in result, 'the worker answered a comparison with something else');
      // bcrypt reads no further: what only begins like the password would do as well.
      const isWhole = Buffer.byteLength(normal) <= limits.passwordMaxBytes;
      return result.isMatch && isWhole && known !== null;
    },
    isOutdated: (known) => getRounds(known) < cost,
    close: async () => pool?.close({ force: true }),
  };
}
