// Calls that a signal ends.

/**
 * Settles as `work()` does, or rejects with the reason of the first signal that aborts. Does not start the work if a signal is
 * aborted already. Aborting does not undo the work.
 */
export async function untilAborted<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  const given = signals.filter((signal) => signal !== undefined);
  for (const signal of given) signal.throwIfAborted();
  const removals: (() => void)[] = [];
  const aborted = new Promise<never>((_, reject) => {
    for (const signal of given) {
      const abort = (): void => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      removals.push(() => signal.removeEventListener('abort', abort));
    }
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    for (const remove of removals) remove();
  }
}
