// The unique names of a changed history: usernames, room names and devices with their owners, as the tracker's reservations would be.
import type { Aggregate } from '../../../core/actor/aggregate.js';
import type { ReservationChange } from '../../../core/events/store.js';
import type { JsonObject } from '../../../core/json.js';
import type { DecidedEvent } from '../outcome.js';

interface Holding {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
  /** Milliseconds since the epoch; null: never. */
  readonly until: number | null;
}

export interface UniqueNames {
  /** Applies the changes of one append at a time. Returns the first name that another owner has and changes nothing then. */
  take(
    changes: readonly ReservationChange[],
    now: number,
  ): { readonly kind: string; readonly name: string } | null;
  /** The owner of a name that never expires; null if the name has no such owner. */
  ownerOf(kind: string, name: string): string | null;
}

const keyOf = (kind: string, name: string): string => `${kind} ${name}`;
const ownerKey = (kind: string, owner: string): string => `${kind} ${owner}`;

export function createUniqueNames(): UniqueNames {
  const holdings = new Map<string, Holding>();
  const ofOwner = new Map<string, Set<string>>();

  function put(holding: Holding): void {
    const key = keyOf(holding.kind, holding.name);
    drop(key);
    holdings.set(key, holding);
    const owner = ownerKey(holding.kind, holding.owner);
    const keys = ofOwner.get(owner) ?? new Set();
    ofOwner.set(owner, keys.add(key));
  }

  function drop(key: string): void {
    const holding = holdings.get(key);
    if (holding === undefined) return;
    holdings.delete(key);
    ofOwner.get(ownerKey(holding.kind, holding.owner))?.delete(key);
  }

  function of(kind: string, owner: string): readonly Holding[] {
    return [...(ofOwner.get(ownerKey(kind, owner)) ?? [])].flatMap((key) => holdings.get(key) ?? []);
  }

  function isFree(kind: string, name: string, owner: string, now: number): boolean {
    const holding = holdings.get(keyOf(kind, name));
    if (holding === undefined || holding.owner === owner) return true;
    return holding.until !== null && holding.until <= now;
  }

  function apply(change: ReservationChange): void {
    const { kind, owner } = change;
    switch (change.action) {
      case 'claim':
        put({ kind, name: change.name, owner, until: null });
        return;
      case 'hold': {
        const { name, until } = change;
        const held = name === null ? of(kind, owner).filter((one) => one.until === null) : [{ name }];
        for (const one of held) put({ kind, name: one.name, owner, until });
        return;
      }
      case 'release':
        for (const one of of(kind, owner)) {
          if (change.name === null || one.name === change.name) drop(keyOf(kind, one.name));
        }
    }
  }

  return {
    take(changes, now) {
      for (const { kind, name, owner, action } of changes) {
        if (action === 'release' || name === null || isFree(kind, name, owner, now)) continue;
        return { kind, name };
      }
      for (const change of changes) apply(change);
      return null;
    },
    ownerOf(kind, name) {
      const holding = holdings.get(keyOf(kind, name));
      return holding?.until === null ? holding.owner : null;
    },
  };
}

/**
 * The changes of unique names by an event. A redacted name is unknown: its event then claims nothing, so that the name counts as free.
 */
export function reservationsOf(
  aggregate: Aggregate,
  { type, payload }: DecidedEvent,
  texts: JsonObject | null,
  id: string,
): readonly ReservationChange[] {
  const changes = aggregate.reservations({ ...payload, type, personal: texts ?? REDACTED }, id);
  return texts === null ? changes.filter(({ name }) => name !== UNKNOWN) : changes;
}

// A name that nobody can have, because names have no spaces.
const UNKNOWN = '? unknown';
const REDACTED: JsonObject = { username: UNKNOWN, name: UNKNOWN };
