// Things put aside until they can be dealt with: in order within a lot, lots side by side. Bounded in all.

export interface Parking<T> {
  holds(lot: string): boolean;
  /** False if there is no place left. */
  park(lot: string, thing: T): boolean;
  lots(): readonly string[];
  /**
   * Deals with a lot, one thing after another and those that come meanwhile, until `deal` says false: that one and those
   * behind it stay. Does nothing while the lot is being dealt with already.
   */
  empty(lot: string, deal: (thing: T) => Promise<boolean>): Promise<void>;
}

export function createParking<T>(places: number): Parking<T> {
  const lots = new Map<string, T[]>();
  const busy = new Set<string>();
  let taken = 0;
  return {
    holds: (lot) => lots.has(lot),
    park(lot, thing) {
      if (taken >= places) return false;
      taken += 1;
      lots.set(lot, [...(lots.get(lot) ?? []), thing]);
      return true;
    },
    lots: () => [...lots.keys()],
    async empty(lot, deal) {
      if (busy.has(lot)) return;
      busy.add(lot);
      try {
        for (;;) {
          const [thing] = lots.get(lot) ?? [];
          if (thing === undefined || !(await deal(thing))) return;
          const [, ...rest] = lots.get(lot) ?? [];
          taken -= 1;
          if (rest.length > 0) lots.set(lot, rest);
          else lots.delete(lot);
        }
      } finally {
        busy.delete(lot);
      }
    },
  };
}
