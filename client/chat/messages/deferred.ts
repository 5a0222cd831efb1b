// Queues of items that cannot be handled yet. Each queue keeps its order. One limit bounds all queues together.

export interface DeferredQueues<T> {
  has(key: string): boolean;
  /** Adds an item at the end of a queue; false if all places are taken. */
  defer(key: string, item: T): boolean;
  keys(): readonly string[];
  /**
   * Passes the items of a queue to `handle` in order, including those that are added while it works. It stops at the first item
   * for which `handle` resolves false; this item and the ones behind it stay. Does nothing while the queue is being worked on.
   */
  retry(key: string, handle: (item: T) => Promise<boolean>): Promise<void>;
}

export function createDeferredQueues<T>(places: number): DeferredQueues<T> {
  const queues = new Map<string, T[]>();
  const busy = new Set<string>();
  let taken = 0;
  return {
    has: (key) => queues.has(key),
    defer(key, item) {
      if (taken >= places) return false;
      taken += 1;
      queues.set(key, [...(queues.get(key) ?? []), item]);
      return true;
    },
    keys: () => [...queues.keys()],
    async retry(key, handle) {
      if (busy.has(key)) return;
      busy.add(key);
      try {
        for (;;) {
          const [item] = queues.get(key) ?? [];
          if (item === undefined || !(await handle(item))) return;
          const [, ...rest] = queues.get(key) ?? [];
          taken -= 1;
          if (rest.length > 0) queues.set(key, rest);
          else queues.delete(key);
        }
      } finally {
        busy.delete(key);
      }
    },
  };
}
