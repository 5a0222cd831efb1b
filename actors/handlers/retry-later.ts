// Answers that put off who asks for work on a password: too much to do, or too many attempts.
import type { Answer } from '../../core/protocol/envelope.js';
import { waitingTime } from '../../core/time/duration.js';
import { HasherBusyError } from '../passwords/queue.js';

/** What the work comes to, or the answer where the hasher takes on no more. */
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
  const message = `Many passwords wait to be checked. Try again in ${waitingTime(retryAfterMs)}.`;
  return { phrase: 'BUSY', message, data: { retryAfterMs } };
}

/** @param what there has been too much of, as a clause. */
export function tooMany(what: string, retryAfterMs: number): Answer<1> {
  const message = `Too many ${what} lately. Try again in ${waitingTime(retryAfterMs)}.`;
  return { phrase: 'TOO_MANY_ATTEMPTS', message, data: { retryAfterMs } };
}
