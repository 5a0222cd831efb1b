// Work that is asked for again while it is under way: it is done once, and all who asked get its outcome. It knows not
// what the work is.

/** Does `work`, or joins what is under way for the same `key`; nothing is kept of what is over. */
export type ShareWork<T> = (key: string, work: () => Promise<T>) => Promise<T>;

export function createSharedWork<T>(): ShareWork<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, work) => {
    const before = underWay.get(key);
    if (before !== undefined) return before;
    const begun = work().finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun;
  };
}
