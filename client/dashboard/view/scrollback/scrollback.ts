// The entries of one conversation, and the rows that a window shows. The cost of an append, a change or a scroll step does
// not depend on the number of entries. Rows are wrapped when they are first shown at a width.
import type { Row } from '../../../../screen/paint/row.js';
import type { Theme } from '../../../../screen/paint/theme.js';
import { type EntryContext, type Entry, entryRows, ruleRow } from './entry.js';
import { type Slot, Slots } from './slots.js';

const ENTRIES_MAX = 20_000;
/** The number of oldest entries dropped together when the scrollback is full. A large number makes dropping rare. */
const SHED = 2_000;
/**
 * The number of entries whose wrapped rows are kept. It is more than most screens show. Rows take a hundred times the memory of
 * their text.
 */
const WRAPPED_MAX = 128;

const NAMED: EntryContext = { isGrouped: false, isSameMinute: false, day: null };

/**
 * The scroll position of a window: the lowest visible row, as an entry and a row of this entry counted from 0. Null if the window
 * follows the newest entry.
 */
export type Anchor = { readonly slot: Slot; readonly row: number } | null;

export class Scrollback {
  readonly #slots = new Slots();
  /** The slots whose rows are kept, in the order in which they were wrapped. */
  readonly #wrapped: Slot[] = [];
  /**
   * The entries directly below a horizontal rule `new`, at most two: the first new entry since the conversation was opened, and
   * the first entry that came after the user had seen the newest entry.
   */
  #rules: readonly Slot[] = [];
  /** The new messages that came since the user saw the newest entry. */
  #unseen: Slot[] = [];
  /** The entry directly below the rule `found`, which marks a search result. */
  #found: Slot | null = null;

  constructor(private readonly theme: Theme) {}

  get length(): number {
    return this.#slots.length;
  }

  /** Whether no older entries are accepted. */
  get isFull(): boolean {
    return this.length >= ENTRIES_MAX;
  }

  /** Forgets the wrapped rows, after a change of theme or widths. */
  forgetRows(): void {
    for (const slot of this.#wrapped.splice(0)) slot.wrapped = null;
  }

  has(id: string): boolean {
    return this.#slots.has(id);
  }

  /** The entries, newest first. */
  *newestFirst(): Generator<Entry, void> {
    for (let index = this.length - 1; index >= 0; index -= 1) {
      const slot = this.#slots.at(index);
      if (slot !== undefined) yield slot.entry;
    }
  }

  /**
   * Adds an entry, unless the scrollback already contains its message.
   * @param isNew whether the entry is new to the user: it may get a rule `new` above it
   */
  append(entry: Entry, isNew = false): void {
    const slot = this.#slots.add(entry);
    if (slot === null) return;
    if (isNew) this.#addUnseen(slot);
    if (this.length > ENTRIES_MAX) this.#shed();
  }

  /** Adds older messages, given oldest first. If not all fit, the oldest of these messages are omitted. */
  prepend(entries: readonly Entry[]): void {
    const room = Math.max(0, ENTRIES_MAX - this.length);
    this.#slots.addEarlier(room === 0 ? [] : entries.slice(-room));
  }

  /** Changes the delivery mark of a message. False if the scrollback does not contain the message. */
  mark(id: string, mark: string): boolean {
    const slot = this.#slots.find(id);
    if (slot !== undefined) this.#slots.change(slot, { ...slot.entry, mark });
    return slot !== undefined;
  }

  /**
   * Puts the rule `new` above the first message by another person after this time. Null puts it above the first message by
   * another person.
   */
  markNewSince(lastReadMs: number | null): void {
    for (let index = 0; index < this.length; index += 1) {
      const slot = this.#slots.at(index);
      const { id, isOwn, at } = slot?.entry ?? { id: null, isOwn: true, at: 0 };
      if (slot !== undefined && id !== null && !isOwn && at > (lastReadMs ?? 0)) {
        this.#rules = [slot];
        return;
      }
    }
  }

  /** The number of new messages below the lowest visible row; 0 for a window that follows the newest entry. */
  newBelow(anchor: Anchor): number {
    if (anchor === null) return 0;
    return this.#unseen.reduce((sum, { order }) => sum + (order > anchor.slot.order ? 1 : 0), 0);
  }

  /** Records that the user has seen the newest entry. Present rules stay, and the next new message gets a second rule `new`. */
  caughtUp(): void {
    this.#unseen = [];
  }

  /** Removes the rules `new` and `found`. */
  seen(): void {
    [this.#rules, this.#found] = [[], null];
    this.caughtUp();
  }

  /** The rows of a window, at most `height`. The topmost row names its author. */
  rows(anchor: Anchor, columns: number, height: number): readonly Row[] {
    const { shown, top } = this.#upwards(anchor, columns, height);
    const rows = shown.toReversed();
    if (top === null || top.row > 0 || !top.slot.context.isGrouped || this.#isRuled(top.slot)) return rows;
    const [named] = entryRows(top.slot.entry, NAMED, columns, this.theme);
    return named === undefined ? rows : [named, ...rows.slice(1)];
  }

  /** Whether the window shows the oldest row. */
  isTopInSight(anchor: Anchor, columns: number, height: number): boolean {
    return this.#upwards(anchor, columns, height).isAll;
  }

  /** Puts the rule `found` above the message, and returns the anchor that shows this message in the middle. */
  showMatch(id: string, columns: number, height: number): Anchor {
    const slot = this.#slots.find(id);
    if (slot === undefined) return null;
    this.#found = slot;
    const row = this.#rowsOf(slot, columns).length - 1;
    return this.scrolled({ slot, row }, Math.floor(height / 2), columns, height);
  }

  /** The anchor after scrolling by `by` rows, back if negative. The window stays filled with `height` rows. */
  scrolled(anchor: Anchor, by: number, columns: number, height: number): Anchor {
    let { index, row } = this.#positionOf(anchor, columns);
    row += by;
    while (row < 0 && index > 0) {
      index -= 1;
      row += this.#rowsAt(index, columns).length;
    }
    for (let count = this.#rowsAt(index, columns).length; row >= count; ) {
      row -= count;
      index += 1;
      if (index >= this.length) return null;
      count = this.#rowsAt(index, columns).length;
    }
    if (index === this.length - 1 && row === this.#rowsAt(index, columns).length - 1) return null;
    const next = this.#anchor(index, Math.max(0, row));
    return by < 0 && this.rows(next, columns, height).length < height ? this.#top(columns, height) : next;
  }

  #upwards(anchor: Anchor, columns: number, height: number) {
    const shown: Row[] = [];
    let top: Anchor = null;
    let { index, row } = this.#positionOf(anchor, columns);
    for (; index >= 0; index -= 1) {
      const rows = this.#rowsAt(index, columns);
      for (let at = Math.min(row, rows.length - 1); at >= 0; at -= 1) {
        const one = rows[at];
        if (shown.length === height) return { shown, top, isAll: false };
        if (one !== undefined) shown.push(one);
        top = this.#anchor(index, at);
      }
      row = Number.POSITIVE_INFINITY;
    }
    return { shown, top, isAll: true };
  }

  /** The anchor that shows the oldest row at the top; null if all rows fit. */
  #top(columns: number, height: number): Anchor {
    let left = height;
    for (let index = 0; index < this.length; index += 1) {
      const { length } = this.#rowsAt(index, columns);
      if (left <= length) return this.#anchor(index, left - 1);
      left -= length;
    }
    return null;
  }

  #anchor(index: number, row: number): Anchor {
    const slot = this.#slots.at(index);
    return slot === undefined ? null : { slot, row };
  }

  #positionOf(anchor: Anchor, columns: number): { readonly index: number; readonly row: number } {
    const newest = this.length - 1;
    if (anchor === null) return { index: newest, row: this.#rowsAt(newest, columns).length - 1 };
    const index = this.#slots.indexOf(anchor.slot);
    return this.#slots.at(index) === anchor.slot ? { index, row: anchor.row } : { index, row: 0 };
  }

  #rowsAt(index: number, columns: number): readonly Row[] {
    const slot = this.#slots.at(index);
    return slot === undefined ? [] : this.#rowsOf(slot, columns);
  }

  #rowsOf(slot: Slot, columns: number): readonly Row[] {
    const words = [this.#rules.includes(slot) ? 'new' : '', slot === this.#found ? 'found' : ''];
    const rules = words
      .filter((word) => word !== '')
      .map((word) => ruleRow(word, columns, this.theme.unread));
    if (rules.length > 0) {
      // Show the author even if the previous entry has the same author, because a rule separates the two entries.
      const { day } = slot.context;
      const rows = entryRows(slot.entry, { ...NAMED, day }, columns, this.theme);
      const dayRows = day === null ? 0 : 1;
      return [...rows.slice(0, dayRows), ...rules, ...rows.slice(dayRows)];
    }
    if (slot.wrapped?.columns !== columns) {
      if (slot.wrapped === null) this.#keep(slot);
      slot.wrapped = { columns, rows: entryRows(slot.entry, slot.context, columns, this.theme) };
    }
    return slot.wrapped.rows;
  }

  /**
   * Drops the oldest entries. If a dropped entry had the rule `new` above it, the rule moves to the oldest new message that
   * remains.
   */
  #shed(): void {
    this.#slots.drop(SHED);
    const oldest = this.#slots.at(0);
    const isHere = ({ order }: Slot): boolean => oldest !== undefined && order >= oldest.order;
    const [rule] = this.#rules;
    this.#unseen = this.#unseen.filter(isHere);
    this.#rules = this.#rules.filter(isHere);
    if (this.#found !== null && !isHere(this.#found)) this.#found = null;
    if (rule !== undefined && !isHere(rule)) {
      const [first] = this.#unseen.toSorted((one, other) => one.order - other.order);
      this.#rules = [...new Set([...(first === undefined ? [] : [first]), ...this.#rules])];
    }
  }

  #isRuled(slot: Slot): boolean {
    return this.#rules.includes(slot) || slot === this.#found;
  }

  #addUnseen(slot: Slot): void {
    const last = this.#rules.at(-1);
    if (this.#unseen.length === 0) this.#rules = [...this.#rules.slice(0, 1), slot];
    else if (last === undefined || slot.order < last.order) this.#rules = [...this.#rules.slice(0, -1), slot];
    this.#unseen.push(slot);
  }

  #keep(slot: Slot): void {
    this.#wrapped.push(slot);
    const oldest = this.#wrapped.length > WRAPPED_MAX ? this.#wrapped.shift() : undefined;
    if (oldest !== undefined) oldest.wrapped = null;
  }
}
