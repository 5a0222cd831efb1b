// Waiting with the schedule port: a delay, a repetition, a wait for a condition, and a time limit for a task.
import type { Schedule } from './clock.js';

/** Resolves true after `delayMs`, or false as soon as `signal` is aborted. */
export function delay(schedule: Schedule, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve(false);
    const abort = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = schedule(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve(true);
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Calls `task` every `intervalMs`, for the first time after one interval. The returned function ends the repetition. */
export function every(schedule: Schedule, intervalMs: number, task: () => void): () => void {
  let cancel = schedule(intervalMs, run);
  function run(): void {
    // The next run is set before the task starts, because the task may end the repetition.
    cancel = schedule(intervalMs, run);
    task();
  }
  return () => cancel();
}

/** A state that other code waits on. The owner of the state reports each change. */
export interface Changes {
  /** Has every waiter test its condition again. */
  notify(): void;
  /**
   * Resolves true as soon as `isMet` holds, or false after `timeoutMs` or when closed. Tests `isMet` at once and at each change.
   */
  until(isMet: () => boolean, timeoutMs: number): Promise<boolean>;
  /** Ends every current and later wait at once: with true if its condition holds, otherwise with false. */
  close(): void;
}

export function createChanges(schedule: Schedule): Changes {
  const waiting = new Set<() => void>();
  let isClosed = false;
  const notify = (): void => {
    for (const look of waiting) look();
  };
  return {
    notify,
    until(isMet, timeoutMs) {
      if (isMet()) return Promise.resolve(true);
      if (isClosed) return Promise.resolve(false);
      return new Promise((resolve) => {
        const end = (isSatisfied: boolean): void => {
          waiting.delete(look);
          cancel();
          resolve(isSatisfied);
        };
        const look = (): void => {
          if (isMet()) end(true);
          else if (isClosed) end(false);
        };
        const cancel = schedule(timeoutMs, () => end(isMet()));
        waiting.add(look);
      });
    },
    close() {
      isClosed = true;
      notify();
    },
  };
}

/**
 * Runs `work` with a signal and settles as `work` does. The signal is aborted when `outer` is aborted, with the same reason, or
 * after `limitMs`, with the error that `timeout` makes. It uses a separate timer, because Node may collect a combined
 * `AbortSignal.timeout` before it fires.
 */
export async function withDeadline<T>(
  schedule: Schedule,
  limitMs: number,
  { outer, timeout }: { readonly outer?: AbortSignal; readonly timeout: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const follow = (): void => inner.abort(outer?.reason);
  if (outer?.aborted === true) follow();
  outer?.addEventListener('abort', follow, { once: true });
  const cancel = schedule(limitMs, () => inner.abort(timeout()));
  try {
    return await work(inner.signal);
  } finally {
    cancel();
    outer?.removeEventListener('abort', follow);
  }
}
