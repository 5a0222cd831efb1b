// What a paste comes to: text for the line, or a question first when it has many lines.
import { Menu } from '../overlay/menu.js';
import type { Theme } from '../paint/theme.js';

/** More lines than that are asked about. */
const LINES_MAX = 3;

/** Line breaks of one kind, no control characters, no break at the end of a single line. */
export function pastedText(pasted: string): string {
  const text = pasted.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, ' ');
  return text.replace(/\n$/, '');
}

/** Null when it may go into the line as it is. */
export function pasteQuestion(text: string, theme: Theme, answer: (text: string) => void): Menu | null {
  const lines = text.split('\n').length;
  if (lines <= LINES_MAX) return null;
  return new Menu({
    title: 'Paste',
    message: `You are about to paste ${lines} lines (${Buffer.byteLength(text)} bytes).`,
    theme,
    choices: [
      { label: 'Put them into the line as they are, to be sent as one message', choose: () => answer(text) },
      { label: 'Join them to one line', choose: () => answer(text.trim().replaceAll(/\s*\n\s*/g, ' ')) },
      { label: 'Forget them', choose: () => answer('') },
    ],
  });
}
