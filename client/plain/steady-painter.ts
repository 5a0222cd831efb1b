// The typed line for a screen reader: nothing that was written is written again. A key adds its character, Backspace removes one,
// and events take rows of their own. There is no prompt.
import stringWidth from 'string-width';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Painter, ShownLine } from './painter.js';

export function createSteadyPainter(): Painter {
  /** The text of the line that is on the screen, also if events were printed after it. */
  let written = '';
  /** Whether the cursor is at the end of `written`, in a row that shows some of this text. */
  let isAtText = false;

  /** Ends the row with typed text, if the cursor is in one. */
  function newRow(): string {
    const end = isAtText ? '\n' : '';
    isAtText = false;
    return end;
  }

  function whole(text: string): string {
    const bytes = `${newRow()}${text}`;
    written = text;
    isAtText = text !== '';
    return bytes;
  }

  function paint({ before, after }: ShownLine): string {
    const text = sanitiseLine(before + after);
    if (text === written) return '';
    if (text.startsWith(written)) {
      const added = text.slice(written.length);
      written = text;
      isAtText = true;
      return added;
    }
    if (isAtText && written.startsWith(text)) {
      const removed = stringWidth(written.slice(text.length));
      written = text;
      isAtText = text !== '';
      return '\b \b'.repeat(removed);
    }
    // The whole text is written after a change within the line, or for a line from the history.
    return whole(text);
  }

  return {
    paint,
    print: (lines) => `${newRow()}${lines.map((line) => `${line}\n`).join('')}`,
    enter(line) {
      const bytes = paint(line) + newRow();
      written = '';
      return bytes;
    },
    repeat: ({ before, after }) => whole(sanitiseLine(before + after)),
    end: newRow,
  };
}
