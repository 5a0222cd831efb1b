// A limited number of slots, shared fairly between origins. A new holder beyond the limit evicts the oldest holder of the origin that
// has most, so one origin with many cannot evict another's only one. It counts holders and closes nothing.

export interface SlotLimits {
  readonly total: number;
  readonly perOrigin: number;
}

export interface FairSlots<H, O> {
  /** Gives a slot to the holder. Returns the evicted holder, or null: of the same origin at its limit, else of the largest origin. */
  take(holder: H, origin: O): H | null;
  /** No effect if the holder has no slot. */
  release(holder: H, origin: O): void;
}

export function createFairSlots<H, O>({ total, perOrigin }: SlotLimits): FairSlots<H, O> {
  // Origins and their holders, both in order of arrival.
  const origins = new Map<O, Set<H>>();
  let count = 0;

  const release = (holder: H, origin: O): void => {
    const holders = origins.get(origin);
    if (!holders?.delete(holder)) return;
    count -= 1;
    if (holders.size === 0) origins.delete(origin);
  };

  // Of origins with equally many, the first to arrive: it has had the longest time to complete its handshakes.
  const largestOrigin = (): O | undefined => {
    let largest: O | undefined;
    let size = 0;
    for (const [origin, holders] of origins)
      if (holders.size > size) [largest, size] = [origin, holders.size];
    return largest;
  };

  const evictOldest = (origin: O): H | null => {
    for (const holder of origins.get(origin) ?? []) {
      release(holder, origin);
      return holder;
    }
    return null;
  };

  const makeRoom = (newcomer: O): H | null => {
    if ((origins.get(newcomer)?.size ?? 0) >= perOrigin) return evictOldest(newcomer);
    const largest = count >= total ? largestOrigin() : undefined;
    return largest === undefined ? null : evictOldest(largest);
  };

  return {
    take(holder, origin) {
      const evicted = makeRoom(origin);
      const holders = origins.get(origin);
      if (holders === undefined) origins.set(origin, new Set([holder]));
      else holders.add(holder);
      count += 1;
      return evicted;
    },
    release,
  };
}
