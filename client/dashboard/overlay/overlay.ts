// The interface of an overlay, and the painting of its box. An overlay is shown on top of the windows and receives the keys.
import type { Action, Bindings } from '../input/keys/bindings.js';
import { type Legend, legendText } from '../input/keys/legend.js';
import { columnsOf, cut, fitting } from '../../../screen/paint/grapheme.js';
import type { Cursor } from '../../../screen/paint/frame.js';
import { padded, type Row, rowOf } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import { type Pane, paintRows, type Rect } from '../../../screen/paint/composition.js';
import type { Theme } from '../../../screen/paint/theme.js';

export interface OverlayView {
  readonly title: string;
  /** The keys of the overlay. */
  readonly legends: readonly Legend[];
  readonly rows: readonly Row[];
  /** The position in `rows`, not on the screen. */
  readonly cursor: Cursor;
}

export interface Overlay {
  view(columns: number, rows: number): OverlayView;
  /** The preferred width. */
  readonly columns: number;
  type(text: string): void;
  act(action: Action): void;
  /** Handles a click on a row of the latest view. */
  press?(row: number): void;
}

/** Rows that stay visible at the bottom: the status bar, an input line, and the hint. */
const BELOW = 3;

/** The pane of an overlay in the middle of the screen, the rectangle inside its border, and the cursor on the screen. */
export function overlayPane(
  overlay: Overlay,
  screen: { readonly columns: number; readonly rows: number },
  theme: Theme,
  bindings: Bindings,
): { readonly pane: Pane; readonly inner: Rect; readonly cursor: Cursor } {
  const columns = Math.min(overlay.columns + 4, screen.columns - 4);
  const view = overlay.view(columns - 4, screen.rows - 6);
  const rows = Math.min(view.rows.length + 2, screen.rows - 2);
  const rect: Rect = {
    x: Math.floor((screen.columns - columns) / 2),
    y: Math.max(0, Math.floor((screen.rows - BELOW - rows) / 2)),
    columns,
    rows,
  };
  const cursor =
    view.cursor === null ? null : { x: rect.x + 2 + view.cursor.x, y: rect.y + 1 + view.cursor.y };
  const footer = fitting(legendText(view.legends, bindings).split(' · '), columns - 6);
  const inner = { x: rect.x + 1, y: rect.y + 1, columns: columns - 2, rows: rows - 2 };
  return { pane: { rect, paint: paintRows(boxRows(view, footer, rect, theme)) }, inner, cursor };
}

function boxRows(
  { title, rows }: OverlayView,
  footer: string,
  { columns, rows: height }: Rect,
  theme: Theme,
): readonly Row[] {
  const inner = columns - 4;
  const edge = (left: string, label: string, right: string): Row => {
    const shown = label === '' ? '' : ` ${cut(label, inner - 2)} `;
    const rest = '─'.repeat(Math.max(0, columns - 3 - columnsOf(shown)));
    return rowOf([
      piece(`${left}─`, theme.overlay),
      piece(shown, { ...theme.overlay, isBold: true }),
      piece(`${rest}${right}`, theme.overlay),
    ]);
  };
  const side = rowOf([piece('│ ', theme.overlay)]);
  const otherSide = rowOf([piece(' │', theme.overlay)]);
  const body = rows.slice(0, height - 2).map(
    (row): Row => [
      ...side,
      ...padded(
        row.map((glyph) => ({ ...glyph, style: { ...theme.overlay, ...glyph.style } })),
        inner,
        theme.overlay,
      ),
      ...otherSide,
    ],
  );
  return [edge('┌', title, '┐'), ...body, edge('└', footer, '┘')];
}
