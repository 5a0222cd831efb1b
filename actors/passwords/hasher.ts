// Hashes and compares passwords off the main thread, in a pool that starts with the first password and takes on no
// more than it can do. It stores nothing.
import { availableParallelism } from 'node:os';
import { genSaltSync, getRounds } from 'bcryptjs';
import { Piscina } from 'piscina';
import { invariant } from '../../core/errors.js';
import { limits } from '../../core/protocol/limits.js';
import { normalisePassword } from './policy.js';
import type { HashingResult, HashingTask } from './worker.js';

/** Below this a stolen table of hashes is cheap to search. */
export const MIN_COST = 10;
const IDLE_MS = 60_000;

/** There is more to hash than can be taken on now. */
export class HasherBusyError extends Error {
  override readonly name = 'HasherBusyError';
}

/** All methods reject with `HasherBusyError` when the queue is full. */
export interface Hasher {
  hash(password: string): Promise<string>;
  /** Takes the same time when `hash` is null (nobody of that name), and is then false. */
  matches(password: string, hash: string | null): Promise<boolean>;
  /** Whether a hash is cheaper to search than those made now. */
  isOutdated(hash: string): boolean;
  close(): Promise<void>;
}

export interface HasherOptions {
  /** bcrypt's cost, at least `MIN_COST`. */
  readonly cost: number;
  /** How many passwords may wait. */
  readonly maxQueue: number;
}

export function createHasher({ cost, maxQueue }: HasherOptions): Hasher {
  invariant(cost >= MIN_COST, `the bcrypt cost is at least ${MIN_COST}, not ${cost}`);
  let pool: Piscina<HashingTask, HashingResult> | null = null;
  // A well-formed hash that no password is known for: comparing with it costs what comparing with any does.
  const decoy = genSaltSync(cost) + '.'.repeat(31);

  async function run(task: HashingTask): Promise<HashingResult> {
    pool ??= new Piscina({
      filename: new URL('worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: availableParallelism(),
      idleTimeout: IDLE_MS,
      maxQueue,
    });
    if (pool.queueSize >= maxQueue) throw new HasherBusyError('too many passwords wait to be checked');
    return pool.run(task);
  }

  async function hash(password: string): Promise<string> {
    const result = await run({ kind: 'hash', password: normalisePassword(password), cost });
    invariant('hash' in result, 'the worker answered a hash with something else');
    return result.hash;
  }

  return {
    hash,
    async matches(password, known) {
      const normal = normalisePassword(password);
      const result = await run({
        kind: 'compare',
        password: normal,
        hash: known ?? decoy,
      });
      invariant('isMatch' in result, 'the worker answered a comparison with something else');
      // bcrypt reads no further: what only begins like the password would do as well.
      const isWhole = Buffer.byteLength(normal) <= limits.passwordMaxBytes;
      return result.isMatch && isWhole && known !== null;
    },
    isOutdated: (known) => getRounds(known) < cost,
    close: async () => pool?.close({ force: true }),
  };
}
