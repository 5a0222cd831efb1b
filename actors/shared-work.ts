// Work that is asked for again while it is under way: it is done once, and who asked first and who asked last get its outcome.
// It knows not what the work is.

/**
 * Does `work`, or waits for what is under way for the same `key`; nothing is kept of what is over. At most one waits so: of
 * those before, who have given up or ask without end, each gets what its `instead` makes.
 */
export type ShareWork<T> = (key: string, work: () => Promise<T>, instead: () => T) => Promise<T>;

interface UnderWay<T> {
  readonly outcome: Promise<T>;
  /** Sends away who waits. */
  relieve: () => void;
}

export function createSharedWork<T>(): ShareWork<T> {
  const underWay = new Map<string, UnderWay<T>>();
  return (key, work, instead) => {
    const before = underWay.get(key);
    if (before === undefined) {
      const outcome = work().finally(() => underWay.delete(key));
      underWay.set(key, { outcome, relieve: () => undefined });
      return outcome;
    }
    before.relieve();
    return new Promise((resolve, reject) => {
      before.relieve = () => resolve(instead());
      before.outcome.then(resolve, reject);
    });
  };
}
