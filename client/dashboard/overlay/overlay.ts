// What lies on top of the windows for a while and takes the keys: its shape, and how any of them is painted.
import type { Action, Bindings } from '../input/keys/bindings.js';
import { type Legend, legendText } from '../input/keys/legend.js';
import { columnsOf, cut, fitting } from '../paint/grapheme.js';
import type { Cursor } from '../paint/frame.js';
import { padded, type Row, rowOf } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Pane } from '../terminal/screen.js';
import type { Theme } from '../paint/theme.js';
import type { Rect } from '../view/layout.js';

export interface OverlayView {
  readonly title: string;
  /** What can be done here. */
  readonly legends: readonly Legend[];
  readonly rows: readonly Row[];
  /** Within `rows`. */
  readonly cursor: Cursor;
}

export interface Overlay {
  view(columns: number, rows: number): OverlayView;
  /** How wide it would like to be. */
  readonly columns: number;
  type(text: string): void;
  act(action: Action): void;
  /** Takes a click on one of the rows it has shown last. */
  press?(row: number): void;
}

/** The status bar, a line to write in, and the hint stay in sight. */
const BELOW = 3;

/** The pane of an overlay in the middle of the screen, the place within its border, and where the cursor is on the screen. */
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
  return { pane: { rect, paint: paintAll(boxRows(view, footer, rect, theme)) }, inner, cursor };
}

type Paint = Pane['paint'];

/** Paints rows from the top of a place. */
export function paintAll(rows: readonly Row[]): Paint {
  return (frame, { x, y, columns, rows: height }) => {
    for (const [index, row] of rows.slice(0, height).entries()) frame.put(x, y + index, row, columns);
  };
}

function boxRows(
  { title, rows }: OverlayView,
  footer: string,
  { columns, rows: height }: Rect,
  theme: Theme,
): readonly Row[] {
  const inner = columns - 4;
  const edge = (left: string, word: string, right: string): Row => {
    const shown = word === '' ? '' : ` ${cut(word, inner - 2)} `;
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
