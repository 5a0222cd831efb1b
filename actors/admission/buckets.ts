// How often something may be done for each of many keys: a bucket of tokens each, which fills up again steadily.
import type { Clock } from '../../core/time/clock.js';

export interface BucketOptions {
  /** What may be done at once by who has done nothing for long. */
  readonly capacity: number;
  readonly perSecond: number;
  /** Buckets remembered; beyond it the longest unused is forgotten, and is full if it comes again. */
  readonly maxKeys: number;
  readonly clock: Clock;
}

export interface Buckets<Key extends string> {
  /** Takes `cost` (all there can be, if it is more) and gives 0; or takes nothing, and gives in how many ms there is enough. */
  take(key: Key, cost: number): number;
  /** Undoes a `take` of what was not done in the end. */
  giveBack(key: Key, cost: number): void;
}

/** Microseconds, whole: sums of fractions would drift. */
const SECOND_US = 1_000_000;
const MS_US = 1_000;

export function createBuckets<Key extends string>(options: BucketOptions): Buckets<Key> {
  const { capacity, perSecond, maxKeys, clock } = options;
  const timeFor = (tokens: number): number => Math.round((SECOND_US * tokens) / perSecond);
  const mostUs = timeFor(capacity);
  /** When each bucket is full again, in the order of use, the longest unused first. */
  const fullAt = new Map<Key, number>();

  /** How long the bucket needs to be full again; a clock that was set back empties it at most. */
  function missing(key: Key, nowUs: number): number {
    return Math.min(mostUs, Math.max(0, (fullAt.get(key) ?? nowUs) - nowUs));
  }

  function put(key: Key, timeUs: number): void {
    fullAt.delete(key);
    fullAt.set(key, timeUs);
    for (const [longest] of fullAt) {
      if (fullAt.size <= maxKeys) return;
      fullAt.delete(longest);
    }
  }

  return {
    take(key, cost) {
      const nowUs = clock.now() * MS_US;
      const beforeUs = missing(key, nowUs);
      const afterUs = beforeUs + Math.min(mostUs, timeFor(cost));
      const isEnough = afterUs <= mostUs;
      put(key, nowUs + (isEnough ? afterUs : beforeUs));
      return isEnough ? 0 : Math.ceil((afterUs - mostUs) / MS_US);
    },
    giveBack(key, cost) {
      const nowUs = clock.now() * MS_US;
      put(key, nowUs + Math.max(0, missing(key, nowUs) - timeFor(cost)));
    },
  };
}
