// The handling of a paste: text for the input line, or a question first if it has many lines.
import { Menu } from '../overlay/menu.js';
import type { Theme } from '../paint/theme.js';

/** A paste with more lines causes a question. */
const LINES_MAX = 3;

/** The text with uniform line breaks, without control characters and without a line break at the end. */
export function pastedText(pasted: string): string {
  const text = pasted.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, ' ');
  return text.replace(/\n$/, '');
}

/** Null if the text needs no question. */
export function pasteQuestion(text: string, theme: Theme, answer: (text: string) => void): Menu | null {
  const lines = text.split('\n').length;
  if (lines <= LINES_MAX) return null;
  return new Menu({
    title: 'Paste',
    message: `The paste has ${lines} lines (${Buffer.byteLength(text)} bytes).`,
    theme,
    choices: [
      { label: 'Insert the lines, to send them as one message', choose: () => answer(text) },
      { label: 'Join the lines to one', choose: () => answer(text.trim().replaceAll(/\s*\n\s*/g, ' ')) },
      { label: 'Cancel', choose: () => answer('') },
    ],
  });
}
