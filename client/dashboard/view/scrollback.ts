// What has been said and told in one conversation, and which rows of it a window shows. An append, a change and a step of
// scrolling cost the same however much there is; rows are wrapped when they are first seen at a width.
import type { Row } from '../paint/row.js';
import type { Theme } from '../theme.js';
import { type Context, contextOf, type Entry, entryRows, ruleRow } from './entry.js';

const ENTRIES_MAX = 20_000;
/** How many go at once when there are too many, so that the cost of it is spread. */
const SHED = 2_000;
/** Of how many entries the rows are kept as wrapped: more than most screens show, for rows are a hundred times what a text is. */
const WRAPPED_MAX = 128;

/** A row of an entry, both counted from the oldest ever; null follows the newest. */
export type Anchor = { readonly entry: number; readonly row: number } | null;

interface Slot {
  readonly entry: Entry;
  readonly context: Context;
  wrapped: { readonly columns: number; readonly rows: readonly Row[] } | null;
}

export class Scrollback {
  #slots: Slot[] = [];
  #shed = 0;
  readonly #byId = new Map<string, number>();
  /** Those whose rows are kept, in the order in which they were wrapped. */
  readonly #wrapped: Slot[] = [];
  /** Above which entry the line stands that says what is new. */
  #newAt: number | null = null;

  constructor(private readonly theme: Theme) {}

  get length(): number {
    return this.#slots.length;
  }

  /** The entries, newest first. */
  *newestFirst(): Generator<Entry, void> {
    for (let index = this.#slots.length - 1; index >= 0; index -= 1) {
      const slot = this.#slots[index];
      if (slot !== undefined) yield slot.entry;
    }
  }

  append(entry: Entry): void {
    const context = contextOf(entry, this.#slots.at(-1)?.entry);
    if (entry.id !== null) this.#byId.set(entry.id, this.#end);
    this.#slots.push({ entry, context, wrapped: null });
    if (this.#slots.length > ENTRIES_MAX) this.#forget();
  }

  /** Gives the message `id` another mark; false when it is not here. */
  mark(id: string, mark: string): boolean {
    const number = this.#byId.get(id);
    const slot = number === undefined ? undefined : this.#slots[number - this.#shed];
    if (number === undefined || slot === undefined) return false;
    this.#slots[number - this.#shed] = { ...slot, entry: { ...slot.entry, mark }, wrapped: null };
    return true;
  }

  /** What comes from now on is new, until this is called again or `nothingNew`. */
  markNew(): void {
    this.#newAt ??= this.#end;
  }

  nothingNew(): void {
    this.#newAt = null;
  }

  /** The rows of a window: from the bottom up as many as there are, at most `height`. */
  rows(anchor: Anchor, columns: number, height: number): readonly Row[] {
    const shown: Row[] = [];
    let { entry, row } = this.#place(anchor, columns);
    while (shown.length < height && entry >= this.#shed) {
      const rows = this.#rowsOf(entry, columns);
      for (let at = Math.min(row, rows.length - 1); at >= 0 && shown.length < height; at -= 1) {
        const one = rows[at];
        if (one !== undefined) shown.push(one);
      }
      entry -= 1;
      row = Number.POSITIVE_INFINITY;
    }
    return shown.toReversed();
  }

  /** Where a window is after scrolling by `by` rows, back when negative; `height` rows stay in sight. */
  scrolled(anchor: Anchor, by: number, columns: number, height: number): Anchor {
    let { entry, row } = this.#place(anchor, columns);
    row += by;
    while (row < 0 && entry > this.#shed) {
      entry -= 1;
      row += this.#rowsOf(entry, columns).length;
    }
    for (let count = this.#rowsOf(entry, columns).length; row >= count; ) {
      row -= count;
      entry += 1;
      if (entry >= this.#end) return null;
      count = this.#rowsOf(entry, columns).length;
    }
    const next = { entry, row: Math.max(0, row) };
    if (entry === this.#end - 1 && row === this.#rowsOf(entry, columns).length - 1) return null;
    return by < 0 && this.rows(next, columns, height).length < height ? this.#top(columns, height) : next;
  }

  get #end(): number {
    return this.#shed + this.#slots.length;
  }

  /** The anchor that shows the oldest row at the top; null when all fits. */
  #top(columns: number, height: number): Anchor {
    let left = height;
    for (let entry = this.#shed; entry < this.#end; entry += 1) {
      const { length } = this.#rowsOf(entry, columns);
      if (left <= length) return { entry, row: left - 1 };
      left -= length;
    }
    return null;
  }

  #place(anchor: Anchor, columns: number): { readonly entry: number; readonly row: number } {
    const newest = this.#end - 1;
    if (anchor === null) return { entry: newest, row: this.#rowsOf(newest, columns).length - 1 };
    return anchor.entry < this.#shed ? { entry: this.#shed, row: 0 } : anchor;
  }

  #rowsOf(number: number, columns: number): readonly Row[] {
    const slot = this.#slots[number - this.#shed];
    if (slot === undefined) return [];
    if (slot.wrapped?.columns !== columns) {
      if (slot.wrapped === null) this.#keep(slot);
      slot.wrapped = { columns, rows: entryRows(slot.entry, slot.context, columns, this.theme) };
    }
    const { rows } = slot.wrapped;
    return number === this.#newAt ? [ruleRow('new', columns, this.theme.unread), ...rows] : rows;
  }

  #keep(slot: Slot): void {
    this.#wrapped.push(slot);
    const oldest = this.#wrapped.length > WRAPPED_MAX ? this.#wrapped.shift() : undefined;
    if (oldest !== undefined) oldest.wrapped = null;
  }

  #forget(): void {
    for (const { entry } of this.#slots.slice(0, SHED)) {
      if (entry.id !== null) this.#byId.delete(entry.id);
    }
    this.#slots = this.#slots.slice(SHED);
    this.#shed += SHED;
  }
}
