// An overlay with rows that scroll.
import type { Action } from '../input/keys/bindings.js';
import { legend } from '../input/keys/legend.js';
import type { Row } from '../../../screen/paint/row.js';
import type { Overlay, OverlayView } from './overlay.js';

export class ScrollView implements Overlay {
  readonly columns: number;
  readonly #title: string;
  readonly #rowsFor: (columns: number) => readonly Row[];
  #top = 0;
  #page = 1;
  #most = 0;

  /** @param rowsFor returns the rows at a width */
  constructor(title: string, columns: number, rowsFor: (columns: number) => readonly Row[]) {
    this.#title = title;
    this.columns = columns;
    this.#rowsFor = rowsFor;
  }

  view(columns: number, height: number): OverlayView {
    const rows = this.#rowsFor(columns);
    this.#page = height;
    this.#most = Math.max(0, rows.length - height);
    this.#top = Math.min(this.#top, this.#most);
    const scroll = this.#most > 0 ? [legend('scroll', 'up', 'down', 'page-up', 'page-down')] : [];
    const legends = [...scroll, legend('close', 'close')];
    return { title: this.#title, legends, rows: rows.slice(this.#top, this.#top + height), cursor: null };
  }

  type(): void {
    // Typed text has no effect, because this overlay has no text field.
  }

  act(action: Action): void {
    const steps: Partial<Record<Action, number>> = {
      up: -1,
      down: 1,
      'scroll-up': -3,
      'scroll-down': 3,
      'page-up': -this.#page,
      'page-down': this.#page,
      'move-start': -Number.MAX_SAFE_INTEGER,
      'move-end': Number.MAX_SAFE_INTEGER,
    };
    this.#top = Math.max(0, Math.min(this.#most, this.#top + (steps[action] ?? 0)));
  }
}
