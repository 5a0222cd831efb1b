// The entries of one scrollback in the order in which things were said, each once. What comes late finds its place; what
// comes last costs the same however much there is. Knows no rows.
import type { Row } from '../paint/row.js';
import { type Context, contextOf, type Entry } from './entry.js';

/** An entry in its place: it stays the same one when others come before it. */
export interface Slot {
  entry: Entry;
  context: Context;
  /** Its rows at a width, once they were needed. */
  wrapped: { readonly columns: number; readonly rows: readonly Row[] } | null;
  /** Milliseconds since the epoch; never less than of what stands before it, whatever clocks say. */
  timeMs: number;
  /** Grows from slot to slot. */
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

  /** Where it stands; where it would stand, if it has gone. */
  indexOf({ order }: Slot): number {
    return this.#first((slot) => slot.order >= order);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  find(id: string): Slot | undefined {
    return this.#byId.get(id);
  }

  /** After all that was not said later; null when it is there already. What is no message always comes last. */
  add(entry: Entry): Slot | null {
    if (entry.id === null) return this.#insert(this.length, entry);
    return this.#byId.has(entry.id)
      ? null
      : this.#insert(
          this.#first(({ timeMs }) => timeMs > entry.at),
          entry,
        );
  }

  /** Before all that was not said earlier, in the order given; what is there already is left out. */
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

  /** The oldest go. */
  forget(count: number): void {
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
    // Halving has an end.
    if (order === before?.order || order === after?.order) this.#renumber();
    return slot;
  }

  #renumber(): void {
    for (const [index, slot] of this.#slots.entries()) slot.order = index;
  }

  /** The first slot of which `isBeyond` holds, as it does of all after it; the last is looked at first. */
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
