// Work shared between equal requests: a request that is repeated while its work runs waits for that work.
// It does not know what the work is.

/**
 * Runs `work`. If work for `key` is running already, the call waits for the outcome of that work instead. At most one call waits:
 * when a newer call arrives, the older one resolves with its `instead`. Results are not cached.
 */
export type ShareWork<T> = (key: string, work: () => Promise<T>, instead: () => T) => Promise<T>;

interface UnderWay<T> {
  readonly outcome: Promise<T>;
  /** Resolves the waiting repetition with its `instead`. */
  release: () => void;
}

export function createSharedWork<T>(): ShareWork<T> {
  const underWay = new Map<string, UnderWay<T>>();
  return (key, work, instead) => {
    const before = underWay.get(key);
    if (before === undefined) {
      const outcome = work().finally(() => underWay.delete(key));
      underWay.set(key, { outcome, release: () => undefined });
      return outcome;
    }
    before.release();
    return new Promise((resolve, reject) => {
      before.release = () => resolve(instead());
      before.outcome.then(resolve, reject);
    });
  };
}
