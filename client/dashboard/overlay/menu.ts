// An overlay with a message and a list of choices.
import type { Action } from '../input/keys/bindings.js';
import { legend } from '../input/keys/legend.js';
import { cut } from '../../../screen/paint/grapheme.js';
import { padded, type Row, rowOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { Overlay, OverlayView } from './overlay.js';

export interface Choice {
  readonly label: string;
  readonly choose: () => void;
}

export class Menu implements Overlay {
  readonly columns = 64;
  #at = 0;
  /** `#listTop`: the row where the choices begin. `#first`: the index of the first visible choice. */
  #listTop = 0;
  #first = 0;

  constructor(
    private readonly parts: {
      readonly title: string;
      readonly message: string;
      readonly choices: readonly Choice[];
      readonly theme: Theme;
    },
  ) {}

  view(columns: number, height: number): OverlayView {
    const { title, message, choices, theme } = this.parts;
    const head = [...wrapped([piece(message, theme.overlay)], columns), []];
    const room = Math.max(1, height - head.length);
    const first = Math.max(0, Math.min(this.#at - room + 1, choices.length - room));
    [this.#listTop, this.#first] = [head.length, first];
    const shown = choices.slice(first, first + room).map(({ label }, index): Row => {
      const isSelected = first + index === this.#at;
      const style = isSelected ? theme.selected : theme.overlay;
      return padded(
        rowOf([piece(cut(`${isSelected ? '▸' : ' '} ${label}`, columns), style)]),
        columns,
        style,
      );
    });
    return {
      title,
      legends: [legend('select', 'up', 'down'), legend('choose', 'enter'), legend('close', 'close')],
      rows: [...head, ...shown],
      cursor: null,
    };
  }

  type(text: string): void {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= this.parts.choices.length) this.#at = number - 1;
  }

  press(row: number): void {
    if (row >= this.#listTop) this.parts.choices[row - this.#listTop + this.#first]?.choose();
  }

  act(action: Action): void {
    const { choices } = this.parts;
    if (action === 'up') this.#at = Math.max(0, this.#at - 1);
    if (action === 'down' || action === 'complete') this.#at = Math.min(choices.length - 1, this.#at + 1);
    if (action === 'enter') choices[this.#at]?.choose();
  }
}
