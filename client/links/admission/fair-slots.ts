// A limited number of slots, shared fairly between origins. If all slots are taken, a new holder evicts the oldest holder of the
// origin with the most slots. Thus an origin with many holders cannot evict the only holder of another origin. It only counts
// holders; the caller closes the evicted one.

export interface SlotLimits {
  readonly total: number;
  readonly perOrigin: number;
}

export interface FairSlots<H, O> {
  /**
   * Gives a slot to the holder. Returns the evicted holder, or null if none was evicted. The evicted holder is of the same origin
   * if this origin is at its limit, else of the origin with the most slots.
   */
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

  // The origin with the most slots. Among equal origins it is the one that came first, because it had the longest time to
  // complete its handshakes.
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
