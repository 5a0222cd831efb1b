// The password hasher: bcrypt in a pool of worker threads behind a bounded queue that is fair to origins. The pool starts with
// the first password. It stores nothing.
import { availableParallelism } from 'node:os';
import { genSaltSync, getRounds } from 'bcryptjs';
import { Piscina } from 'piscina';
import type { Clock } from '../../core/time/clock.js';
import { invariant } from '../../core/errors.js';
import { limits } from '../../core/protocol/limits.js';
import { normalisePassword } from './policy.js';
import { createFairQueue } from './queue.js';
import type { HashingResult, HashingTask } from './worker.js';

/** With a lower cost, a stolen table of hashes is cheap to search. */
export const MIN_COST = 10;
const IDLE_MS = 60_000;

/** Terminals give up after this time. */
const PATIENCE_MS = 10_000;

/** `hash` and `matches` reject with `HasherBusyError` if the queue is full or the wait is too long. */
export interface Hasher {
  hash(password: string, origin: string): Promise<string>;
  /** False if `hash` is null, which means that no account has the name. The comparison takes the same time in that case. */
  matches(password: string, hash: string | null, origin: string): Promise<boolean>;
  /** Whether a hash has a lower cost than new hashes. */
  isOutdated(hash: string): boolean;
  close(): Promise<void>;
}

export interface HasherOptions {
  /** bcrypt's cost, at least `MIN_COST`. */
  readonly cost: number;
  /** How many passwords may wait; one origin may use half of the places. */
  readonly maxQueue: number;
}

export function createHasher({ cost, maxQueue }: HasherOptions, clock: Clock): Hasher {
  invariant(cost >= MIN_COST, `the bcrypt cost is at least ${MIN_COST}, not ${cost}`);
  let pool: Piscina<HashingTask, HashingResult> | null = null;
  const workers = availableParallelism();
  const queue = createFairQueue({ workers, maxQueue, patienceMs: PATIENCE_MS, clock });
  // A well-formed hash without a known password. A comparison with it takes as long as any other.
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
    invariant('hash' in result, 'the worker returned no hash');
    return result.hash;
  }

  return {
    hash,
    async matches(password, known, origin) {
      const normal = normalisePassword(password);
      const result = await run({ kind: 'compare', password: normal, hash: known ?? decoy }, origin);
      invariant('isMatch' in result, 'the worker returned no result of the comparison');
      // bcrypt ignores the bytes beyond this limit, so a longer text with the same beginning would match.
      const isWhole = Buffer.byteLength(normal) <= limits.passwordMaxBytes;
      return result.isMatch && isWhole && known !== null;
    },
    isOutdated: (known) => getRounds(known) < cost,
    close: async () => pool?.close({ force: true }),
  };
}
