// The answers that ask a device to retry later: the password queue is full, or too many attempts failed.
import type { Answer } from '../../core/protocol/envelope.js';
import { waitingTime } from '../../core/time/duration.js';
import { HasherBusyError } from '../passwords/queue.js';

/** The result of the work, or the answer if the password queue is full. */
export async function unlessBusy<T>(
  work: Promise<T>,
): Promise<{ readonly done: T } | { readonly busy: Answer<1> }> {
  try {
    return { done: await work };
  } catch (thrown) {
    if (thrown instanceof HasherBusyError) return { busy: busy(thrown.retryAfterMs) };
    throw thrown;
  }
}

export function busy(retryAfterMs: number): Answer<1> {
  const message = `The password queue is full. Try again in ${waitingTime(retryAfterMs)}.`;
  return { phrase: 'BUSY', message, data: { retryAfterMs } };
}

/** @param what A clause that completes “Too many …”. */
export function tooMany(what: string, retryAfterMs: number): Answer<1> {
  const message = `Too many ${what} lately. Try again in ${waitingTime(retryAfterMs)}.`;
  return { phrase: 'TOO_MANY_ATTEMPTS', message, data: { retryAfterMs } };
}
