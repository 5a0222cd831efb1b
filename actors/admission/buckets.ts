// Token buckets for rate limits: one for each of many keys, each refilled at a steady rate.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/time/clock.js';

export interface BucketOptions {
  /** The tokens in a full bucket: the greatest burst. */
  readonly capacity: number;
  readonly perSecond: number;
  /**
   * The maximum number of buckets. Beyond this number the least recently used bucket is dropped; its key starts again with a full
   * bucket.
   */
  readonly maxKeys: number;
  /** A steady clock. */
  readonly clock: Clock;
}

export interface Buckets<Key extends string> {
  /**
   * Takes `cost` tokens, at most a full bucket, and returns 0. If there are too few, takes none and returns the milliseconds
   * until there are enough.
   */
  take(key: Key, cost: number): number;
  /** Returns the tokens of an action that was not carried out. */
  giveBack(key: Key, cost: number): void;
}

/** Whole microseconds: sums of fractions would drift. */
const SECOND_US = 1_000_000;
const MS_US = 1_000;

export function createBuckets<Key extends string>(options: BucketOptions): Buckets<Key> {
  const { capacity, perSecond, maxKeys, clock } = options;
  const timeFor = (tokens: number): number => Math.round((SECOND_US * tokens) / perSecond);
  const mostUs = timeFor(capacity);
  /** When each bucket is full again, in microseconds. */
  const fullAt = new LRUCache<Key, number>({ max: maxKeys });

  /** Microseconds until the bucket is full. If the clock is set back, the bucket is at worst empty. */
  function missing(key: Key, nowUs: number): number {
    return Math.min(mostUs, Math.max(0, (fullAt.get(key) ?? nowUs) - nowUs));
  }

  return {
    take(key, cost) {
      const nowUs = clock.now() * MS_US;
      const beforeUs = missing(key, nowUs);
      const afterUs = beforeUs + Math.min(mostUs, timeFor(cost));
      const isEnough = afterUs <= mostUs;
      fullAt.set(key, nowUs + (isEnough ? afterUs : beforeUs));
      return isEnough ? 0 : Math.ceil((afterUs - mostUs) / MS_US);
    },
    giveBack(key, cost) {
      const nowUs = clock.now() * MS_US;
      fullAt.set(key, nowUs + Math.max(0, missing(key, nowUs) - timeFor(cost)));
    },
  };
}
