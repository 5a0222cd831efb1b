// Things put aside until they can be dealt with: in order within a lot, lots side by side. Bounded in all.

export interface DeferredQueues<T> {
  holds(queue: string): boolean;
  /** False if there is no place left. */
  park(queue: string, thing: T): boolean;
  queues(): readonly string[];
  /**
   * Deals with a lot, one thing after another and those that come meanwhile, until `deal` says false: that one and those
   * behind it stay. Does nothing while the lot is being dealt with already.
   */
  empty(queue: string, deal: (thing: T) => Promise<boolean>): Promise<void>;
}

export function createDeferredQueues<T>(places: number): DeferredQueues<T> {
  const queues = new Map<string, T[]>();
  const busy = new Set<string>();
  let taken = 0;
  return {
    holds: (queue) => queues.has(queue),
    park(queue, thing) {
      if (taken >= places) return false;
      taken += 1;
      queues.set(queue, [...(queues.get(queue) ?? []), thing]);
      return true;
    },
    queues: () => [...queues.keys()],
    async empty(queue, deal) {
      if (busy.has(queue)) return;
      busy.add(queue);
      try {
        for (;;) {
          const [thing] = queues.get(queue) ?? [];
          if (thing === undefined || !(await deal(thing))) return;
          const [, ...rest] = queues.get(queue) ?? [];
          taken -= 1;
          if (rest.length > 0) queues.set(queue, rest);
          else queues.delete(queue);
        }
      } finally {
        busy.delete(queue);
      }
    },
  };
}
