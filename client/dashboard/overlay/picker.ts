// An overlay with a list to choose from, with or without a field for a query.
import { Editor } from '../input/editor/editor.js';
import { InputHistory } from '../input/editor/history.js';
import type { Action } from '../input/keys/bindings.js';
import { type Legend, legend } from '../input/keys/legend.js';
import { padded, type Row, rowOf, shortened, spread, wrapped } from '../../../screen/paint/row.js';
import { type Piece, piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { inputView } from '../view/input.js';
import type { Overlay, OverlayView } from './overlay.js';

export interface Item {
  readonly left: readonly Piece[];
  /** The text at the right end; may be empty. */
  readonly right: string;
  readonly choose: () => void;
}

export interface PickerParts {
  readonly title: () => string;
  readonly theme: Theme;
  readonly columns: number;
  /** The label of the query field; null for a list without a query field. */
  readonly field: string | null;
  /** Called when the query changes. */
  readonly onQuery?: (query: string) => void;
  /** Returns the items for a query, the best match first. Called for each view. */
  readonly items: (query: string) => readonly Item[];
  /** The text above the list; may be empty. */
  readonly message: (query: string, count: number) => string;
  /** The effect of choosing an item, shown in the legend of the Enter key. */
  readonly effect: string;
}

/** The height with a query field. It is constant, so that the box does not jump while the user types. */
const ROWS = 16;
/** Editor actions that are disabled in the field, because it has one line and no history. */
const EXCLUDED: ReadonlySet<Action> = new Set(['new-line', 'search-input']);

export class Picker implements Overlay {
  readonly columns: number;
  readonly #parts: PickerParts;
  readonly #field = new Editor(new InputHistory());
  #at = 0;
  #page = 1;
  /** `#listTop`: the row where the list begins. `#first`: the index of the first visible item. */
  #listTop = 0;
  #first = 0;
  #items: readonly Item[] = [];

  constructor(parts: PickerParts) {
    this.#parts = parts;
    this.columns = parts.columns;
  }

  view(columns: number, height: number): OverlayView {
    const { theme, field, items, message, title } = this.#parts;
    const query = this.#field.text;
    this.#items = items(query);
    this.#at = Math.max(0, Math.min(this.#at, this.#items.length - 1));
    const input =
      field === null ? null : inputView(this.#field.draft, null, field, { columns, rows: 1 }, theme);
    const text = message(query, this.#items.length);
    const head: readonly Row[] = [
      ...(input === null ? [] : [...input.rows, []]),
      ...(text === '' ? [] : [...wrapped([piece(text, theme.faint)], columns), []]),
    ];
    const room = Math.max(1, Math.min(height, field === null ? height : ROWS) - head.length);
    this.#page = room;
    this.#listTop = head.length;
    const list = this.#list(columns, room);
    const blank = field === null ? 0 : room - list.length;
    return {
      title: title(),
      legends: this.#legends(),
      rows: [...head, ...list, ...Array.from({ length: blank }, (): Row => [])],
      cursor: input?.cursor ?? null,
    };
  }

  type(text: string): void {
    if (this.#parts.field === null) return;
    this.#field.insert(text.replaceAll(/[\r\n]+/g, ' '));
    this.#queryChanged();
  }

  act(action: Action): void {
    const step = this.#steps()[action];
    if (step !== undefined) this.#at = Math.max(0, Math.min(this.#items.length - 1, this.#at + step));
    else if (action === 'enter') this.#items[this.#at]?.choose();
    else if (this.#parts.field !== null && !EXCLUDED.has(action)) {
      const before = this.#field.text;
      this.#field.act(action);
      if (this.#field.text !== before) this.#queryChanged();
    }
  }

  press(row: number): void {
    if (row >= this.#listTop) this.#items[row - this.#listTop + this.#first]?.choose();
  }

  #steps(): Partial<Record<Action, number>> {
    const page = this.#page;
    return {
      up: -1,
      down: 1,
      complete: 1,
      'scroll-up': -3,
      'scroll-down': 3,
      'page-up': -page,
      'page-down': page,
    };
  }

  #queryChanged(): void {
    this.#at = 0;
    this.#parts.onQuery?.(this.#field.text);
  }

  #legends(): readonly Legend[] {
    const some = [legend('select', 'up', 'down'), legend(this.#parts.effect, 'enter')];
    return [...(this.#items.length > 0 ? some : []), legend('close', 'close')];
  }

  #list(columns: number, room: number): readonly Row[] {
    const { theme } = this.#parts;
    const count = this.#items.length;
    const first = Math.max(0, Math.min(this.#at - room + 1, count - room));
    this.#first = first;
    return this.#items.slice(first, first + room).map(({ left, right }, index) => {
      const isSelected = first + index === this.#at;
      const style = isSelected ? theme.selected : theme.overlay;
      const lead = piece(isSelected ? '▸ ' : '  ', style);
      const shown = left.map((one) => ({
        ...one,
        style: isSelected ? { ...one.style, ...style } : one.style,
      }));
      const tail = rowOf([piece(right === '' ? '' : ` ${right} `, isSelected ? style : theme.faint)]);
      return right === ''
        ? padded(shortened(rowOf([lead, ...shown]), columns), columns, style)
        : spread(shortened(rowOf([lead, ...shown]), columns - tail.length - 2), tail, columns, style);
    });
  }
}
