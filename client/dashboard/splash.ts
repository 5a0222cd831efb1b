// What is seen until the profile is open: whose program this is, and that it has begun. Pure. Loads next to nothing: it is
// on the screen before that which paints all else.
import type { Depth } from './paint/colour.js';
import { changes, Frame } from './paint/frame.js';
import type { Row } from './paint/row.js';
import type { Style } from './paint/style.js';
import type { Composition } from './terminal/screen.js';
import type { Theme } from './paint/theme.js';
import type { Rect } from './view/layout.js';

const ALTERNATE_SCREEN = '\u001b[?1049h';

/** What puts the picture on a terminal that shows something else. */
export function openingBytes(columns: number, rows: number, theme: Theme, depth: Depth): string {
  const frame = Frame.blank(columns, rows);
  paint(frame, { x: 0, y: 0, columns, rows }, theme);
  return ALTERNATE_SCREEN + changes(Frame.unknown(columns, rows), frame, null, depth);
}

export function openingPicture(columns: number, rows: number, theme: Theme): Composition {
  const rect = { x: 0, y: 0, columns, rows };
  return { panes: [{ rect, paint: (frame) => paint(frame, rect, theme) }], cursor: null };
}

function paint(frame: Frame, { columns, rows }: Rect, theme: Theme): void {
  const words = [rowOf('Partyline', theme.heading), rowOf('◌ opening your profile', theme.faint)];
  const ground = rowOf(' '.repeat(columns), theme.text);
  const middle = Math.max(0, Math.floor((rows - words.length) / 2));
  for (let y = 0; y < rows; y += 1) {
    frame.put(0, y, ground, columns);
    const word = words[y - middle] ?? [];
    const indent = Math.max(0, Math.floor((columns - word.length) / 2));
    frame.put(indent, y, word, columns - indent);
  }
}

/** Of letters that take one column each. */
function rowOf(text: string, style: Style): Row {
  return Array.from(text, (letter) => ({ text: letter, columns: 1, style }));
}
