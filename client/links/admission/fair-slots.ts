// A crowd with few places, shared fairly: whoever comes beyond them costs the origin that has most of them its oldest, so
// that nobody's many push out another's one. It counts; it closes nothing.

export interface SlotLimits {
  readonly total: number;
  /** Of one origin. */
  readonly perOrigin: number;
}

export interface FairSlots<V, O> {
  /** Takes the visitor in; who has to make room for that: of the same origin, else of the one with most. */
  enter(visitor: V, origin: O): V | null;
  /** Without effect for whoever is not in it. */
  leave(visitor: V, origin: O): void;
}

export function createFairSlots<V, O>({ total, perOrigin }: SlotLimits): FairSlots<V, O> {
  // Origins and their visitors, each in the order in which they came.
  const origins = new Map<O, Set<V>>();
  let count = 0;

  const leave = (visitor: V, origin: O): void => {
    const visitors = origins.get(origin);
    if (!visitors?.delete(visitor)) return;
    count -= 1;
    if (visitors.size === 0) origins.delete(origin);
  };

  // Among equals the origin that came first: it has had the longest time to get through.
  const mostNumerous = (): O | undefined => {
    let most: O | undefined;
    let size = 0;
    for (const [origin, visitors] of origins)
      if (visitors.size > size) [most, size] = [origin, visitors.size];
    return most;
  };

  const oldestOf = (origin: O): V | null => {
    for (const visitor of origins.get(origin) ?? []) {
      leave(visitor, origin);
      return visitor;
    }
    return null;
  };

  const makeRoom = (newcomer: O): V | null => {
    if ((origins.get(newcomer)?.size ?? 0) >= perOrigin) return oldestOf(newcomer);
    const most = count >= total ? mostNumerous() : undefined;
    return most === undefined ? null : oldestOf(most);
  };

  return {
    enter(visitor, origin) {
      const loser = makeRoom(origin);
      const visitors = origins.get(origin);
      if (visitors === undefined) origins.set(origin, new Set([visitor]));
      else visitors.add(visitor);
      count += 1;
      return loser;
    },
    leave,
  };
}
