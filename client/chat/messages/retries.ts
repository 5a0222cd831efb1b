// The retries of one device: when messages that its terminal could not take are sent again. Sends nothing itself.
import { createBackoff } from '../../../core/time/backoff.js';
import type { Schedule } from '../../../core/time/clock.js';

const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 60_000;

export interface Retries {
  /** Schedules the next retry, unless one is scheduled. The delay doubles until the device has taken all messages that failed. */
  later(): void;
  /** Notes a message that the device could not take. Returns whether no other failed message waits. */
  failed(messageId: string): boolean;
  /** Call this for each message that the device has accepted or refused permanently. */
  ended(messageId: string): void;
  /** Cancels the retry. The next delay is the shortest again. */
  clear(): void;
}

/** @param retry sends the messages again */
export function createRetries(schedule: Schedule, retry: () => void): Retries {
  const backoff = createBackoff({ firstMs: RETRY_FIRST_MS, longestMs: RETRY_LONGEST_MS });
  const failing = new Set<string>();
  let cancel: (() => void) | null = null;

  const later = (): void => {
    cancel ??= schedule(backoff.next(), () => {
      cancel = null;
      retry();
    });
  };

  return {
    later,
    failed(messageId) {
      const isFirst = failing.size === 0;
      failing.add(messageId);
      later();
      return isFirst;
    },
    ended(messageId) {
      if (failing.delete(messageId) && failing.size === 0) backoff.reset();
    },
    clear() {
      cancel?.();
      cancel = null;
      failing.clear();
      backoff.reset();
    },
  };
}
