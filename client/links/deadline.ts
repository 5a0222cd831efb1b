// A limit on the time a piece of work may take. Its own timer: a combined AbortSignal.timeout may be collected unfired.
import { failure, LinkError } from './failure.js';

/** Runs `work` with a signal that is aborted when `outer` is, or with a `timeout` failure after `limitMs`. */
export async function withDeadline<T>(
  limitMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const follow = (): void => inner.abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => inner.abort(new LinkError(failure('timeout'))), limitMs);
  try {
    return await work(inner.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', follow);
  }
}
