// The typed line in the last row of a terminal, after the name of the open conversation. The row is painted again after each change.
import stringWidth from 'string-width';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { cellsOf } from '../wording/width.js';
import { folded } from './fold.js';
import type { Painter, ShownLine } from './painter.js';

const ERASE_ROW = '\r\u001b[K';
const CLEAR_SCREEN = '\u001b[H\u001b[2J';

export interface RowPainterParts {
  /** The present width of the terminal. */
  readonly columns: () => number;
  /** The prompt before the typed line, for example `#lobby> `. */
  readonly label: () => string;
}

export function createRowPainter({ columns, label }: RowPainterParts): Painter {
  function paint({ before, after }: ShownLine): string {
    const name = sanitiseLine(label());
    // One column stays free: a terminal wraps when its last column is written.
    const room = Math.max(1, columns() - stringWidth(name) - 1);
    const left = fitting(cellsOf(sanitiseLine(before)).toReversed(), room)
      .toReversed()
      .join('');
    const right = fitting(cellsOf(sanitiseLine(after)), room - stringWidth(left)).join('');
    const back = stringWidth(right);
    const move = back > 0 ? `\u001b[${back}D` : '';
    return `${ERASE_ROW}${name}${left}${right}${move}`;
  }

  function print(lines: readonly string[], line: ShownLine | null): string {
    const rows = lines.flatMap((one) => folded(one, columns()));
    const text = rows.map((row) => `${row}\n`).join('');
    return line === null ? text : `${ERASE_ROW}${text}${paint(line)}`;
  }

  return {
    paint,
    print,
    // A command stays above its answer. A message gets a line of its own as an event.
    enter({ before, after }, isCommand) {
      return isCommand ? print([sanitiseLine(label() + before + after)], EMPTY) : paint(EMPTY);
    },
    repeat: (line) => CLEAR_SCREEN + paint(line),
    end: () => ERASE_ROW,
  };
}

const EMPTY: ShownLine = { before: '', after: '' };

/** The longest start of `cells` that fits into `columns`. */
function fitting(cells: ReturnType<typeof cellsOf>, columns: number): string[] {
  let left = columns;
  const index = cells.findIndex((cell) => {
    left -= cell.columns;
    return left < 0;
  });
  return cells.slice(0, index < 0 ? cells.length : index).map(({ text }) => text);
}
