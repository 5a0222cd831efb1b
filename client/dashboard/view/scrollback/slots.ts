// The entries of one scrollback, sorted by time and without duplicates. A message that arrives late is inserted by its time. The
// cost of an append does not depend on the number of entries. It does not wrap entries into rows.
import type { Row } from '../../../../screen/paint/row.js';
import { type EntryContext, contextOf, type Entry } from './entry.js';

/** The slot of an entry. It stays the same object when entries are inserted before it. */
export interface Slot {
  entry: Entry;
  context: EntryContext;
  /** The rows of the entry at a width; null until they are needed. */
  wrapped: { readonly columns: number; readonly rows: readonly Row[] } | null;
  /** Milliseconds since the epoch; never less than in the slot before it, even if clocks differ. */
  timeMs: number;
  /** A number that is greater in each later slot. */
  order: number;
}

export class Slots {
  #slots: Slot[] = [];
  readonly #byId = new Map<string, Slot>();

  get length(): number {
    return this.#slots.length;
  }

  at(index: number): Slot | undefined {
    return index < 0 ? undefined : this.#slots[index];
  }

  /** The index of a slot, or the index it would have if it has been dropped. */
  indexOf({ order }: Slot): number {
    return this.#first((slot) => slot.order >= order);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  find(id: string): Slot | undefined {
    return this.#byId.get(id);
  }

  /** Inserts a message by its time; appends an entry that is not a message. Null if the message is already present. */
  add(entry: Entry): Slot | null {
    if (entry.id === null) return this.#insert(this.length, entry);
    return this.#byId.has(entry.id)
      ? null
      : this.#insert(
          this.#first(({ timeMs }) => timeMs > entry.at),
          entry,
        );
  }

  /** Inserts older messages, given oldest first, before entries of the same time. Messages already present are skipped. */
  addEarlier(entries: readonly Entry[]): void {
    for (const entry of entries.toReversed()) {
      if (entry.id === null || this.#byId.has(entry.id)) continue;
      this.#insert(
        this.#first(({ timeMs }) => timeMs >= entry.at),
        entry,
      );
    }
  }

  change(slot: Slot, entry: Entry): void {
    [slot.entry, slot.wrapped] = [entry, null];
  }

  /** Drops the oldest entries. */
  drop(count: number): void {
    for (const { entry } of this.#slots.slice(0, count)) {
      if (entry.id !== null) this.#byId.delete(entry.id);
    }
    this.#slots = this.#slots.slice(count);
  }

  #insert(index: number, entry: Entry): Slot {
    const before = this.#slots[index - 1];
    const after = this.#slots[index];
    const timeMs = Math.max(entry.at, before?.timeMs ?? entry.at);
    const order = orderBetween(before?.order, after?.order);
    const slot: Slot = { entry, context: contextOf(entry, before?.entry), wrapped: null, timeMs, order };
    if (entry.id !== null) this.#byId.set(entry.id, slot);
    if (after === undefined) this.#slots.push(slot);
    else this.#slots.splice(index, 0, slot);
    if (after !== undefined) [after.context, after.wrapped] = [contextOf(after.entry, entry), null];
    // `order` is the mean of its neighbours; after many insertions at one place the precision of numbers is exhausted.
    if (order === before?.order || order === after?.order) this.#renumber();
    return slot;
  }

  #renumber(): void {
    for (const [index, slot] of this.#slots.entries()) slot.order = index;
  }

  /**
   * The index of the first slot for which `isBeyond` is true, by binary search: it must be true for all later slots as well. The
   * last slot is tested first.
   */
  #first(isBeyond: (slot: Slot) => boolean): number {
    let [low, high] = [0, this.#slots.length];
    const last = this.#slots[high - 1];
    if (last !== undefined && !isBeyond(last)) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      const slot = this.#slots[middle];
      if (slot !== undefined && isBeyond(slot)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function orderBetween(before: number | undefined, after: number | undefined): number {
  if (before === undefined) return after === undefined ? 0 : after - 1;
  return after === undefined ? before + 1 : (before + after) / 2;
}
