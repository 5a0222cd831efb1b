// The resizing of windows: keys and the mouse move the borders between them. It stores the border that the mouse drags.
import { isWithin } from '../../../screen/paint/composition.js';
import { type Split, withEqualShares, withShares } from '../view/arrangement.js';
import { type Border, type Layout, layoutOf } from '../view/layout.js';
import { movedBorder } from '../view/shares.js';
import type { Windows } from './windows.js';

export type Resize = 'wider' | 'narrower' | 'taller' | 'lower';

/** For each resize action, the number of cells by which the border after the active window moves. */
const RESIZES: { readonly [R in Resize]: { readonly split: Split; readonly cells: number } } = {
  wider: { split: 'beside', cells: 2 },
  narrower: { split: 'beside', cells: -2 },
  taller: { split: 'stacked', cells: 1 },
  lower: { split: 'stacked', cells: -1 },
};

/** The windows, and the layout in which they are shown. */
interface ShownWindows {
  readonly windows: Windows;
  layout: Layout | null;
  readonly hasMembers: (index: number) => boolean;
}

export class Resizing {
  #grabbed: Border | null = null;

  constructor(private readonly screen: ShownWindows) {}

  /** Makes the active window larger or smaller. False if no border can move. */
  resize(how: Resize): boolean {
    const { layout } = this.screen;
    const active = layout?.windows.find(({ index }) => index === this.screen.windows.activeIndex);
    if (layout === null || active === undefined) return false;
    const { split, cells } = RESIZES[how];
    const { x, y, columns, rows } = active.rect;
    const [start, end] = split === 'beside' ? [x - 1, x + columns] : [y, y + rows];
    const borderAt = (place: number): Border | undefined =>
      layout.borders.find(({ split: own, rect }) =>
        own === split && split === 'beside'
          ? rect.x === place && rect.y <= y && y < rect.y + rect.rows
          : own === split && rect.y === place && rect.x <= x && x < rect.x + rect.columns,
      );
    // Move the border after the active window. A window without a border after it uses the border before it.
    const [after, before] = [borderAt(end), borderAt(start)];
    if (after !== undefined && this.#moveBorder(after, cells)) return true;
    return before !== undefined && this.#moveBorder(before, -cells);
  }

  /** Gives all windows the same size. */
  equalise(): void {
    this.screen.windows.arrange(withEqualShares(this.screen.windows.arrangement));
    this.layOut();
  }

  /** Starts dragging the border at this cell. False if there is no border at this cell. */
  grab(x: number, y: number): boolean {
    this.#grabbed = this.screen.layout?.borders.find(({ rect }) => isWithin(rect, { x, y })) ?? null;
    return this.#grabbed !== null;
  }

  /** Moves the dragged border to this cell. */
  drag(x: number, y: number): void {
    const held = this.#grabbed;
    const border = this.screen.layout?.borders.find(
      ({ path, index }) => index === held?.index && path.join() === held.path.join(),
    );
    if (border === undefined) return;
    this.#moveBorder(border, border.split === 'beside' ? x - border.rect.x : y - border.rect.y);
  }

  release(): void {
    this.#grabbed = null;
  }

  /** False if the border cannot move in that direction. */
  #moveBorder(border: Border, cells: number): boolean {
    const sizes = movedBorder(border, cells);
    if (this.screen.layout === null || sizes.every((size, index) => size === border.sizes[index]))
      return false;
    this.screen.windows.arrange(withShares(this.screen.layout.arrangement, border.path, sizes));
    this.layOut();
    return true;
  }

  /** Computes the layout at once. More keys may arrive before the next screen is composed, and they need the new layout. */
  layOut(): void {
    if (this.screen.layout === null) return;
    const { size, input, problem } = this.screen.layout;
    const { arrangement, activeIndex } = this.screen.windows;
    const request = {
      arrangement,
      active: activeIndex,
      inputRows: input.rows,
      problemRows: problem.rows,
      hasMembers: this.screen.hasMembers,
    };
    this.screen.layout = layoutOf(size.columns, size.rows, request);
  }
}
