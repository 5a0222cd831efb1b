// The splash screen, shown until the profile is open. Pure. It imports almost nothing, because it is shown before the modules
// that paint the dashboard are loaded.
import type { Depth } from '../../screen/paint/colour.js';
import { changes, Frame } from '../../screen/paint/frame.js';
import type { Row } from '../../screen/paint/row.js';
import type { Style } from '../../screen/paint/style.js';
import type { Theme } from '../../screen/paint/theme.js';
import type { Composition, Rect } from '../../screen/paint/composition.js';

const ALTERNATE_SCREEN = '\u001b[?1049h';

/**
 * The bytes that show the splash screen, whatever the terminal shows now.
 * @param first bytes that are written first on the alternate screen
 */
export function splashBytes(
  columns: number,
  rows: number,
  theme: Theme,
  depth: Depth,
  first: string,
): string {
  const frame = Frame.blank(columns, rows);
  paint(frame, { x: 0, y: 0, columns, rows }, theme);
  return ALTERNATE_SCREEN + first + changes(Frame.unknown(columns, rows), frame, null, depth);
}

export function splashScreen(columns: number, rows: number, theme: Theme): Composition {
  const rect = { x: 0, y: 0, columns, rows };
  return { panes: [{ rect, paint: (frame) => paint(frame, rect, theme) }], cursor: null };
}

function paint(frame: Frame, { columns, rows }: Rect, theme: Theme): void {
  const words = [rowOf('Partyline', theme.heading), rowOf('opening your profile', theme.faint)];
  const ground = rowOf(' '.repeat(columns), theme.text);
  const middle = Math.max(0, Math.floor((rows - words.length) / 2));
  for (let y = 0; y < rows; y += 1) {
    frame.put(0, y, ground, columns);
    const word = words[y - middle] ?? [];
    const indent = Math.max(0, Math.floor((columns - word.length) / 2));
    frame.put(indent, y, word, columns - indent);
  }
}

/** A row of ASCII. */
function rowOf(text: string, style: Style): Row {
  return Array.from(text, (letter) => ({ text: letter, columns: 1, reach: 0, style }));
}
