// The links of a conversation, to be chosen from with the keyboard.
import { Menu } from './menu.js';
import type { Theme } from '../paint/theme.js';
import type { Scrollback } from '../view/scrollback.js';

const LINKS_MAX = 50;

/** Newest first, each once; null when there are none. What is chosen is told as it is written, with its true place. */
export function linkMenu(scrollback: Scrollback, theme: Theme, open: (url: string) => void): Menu | null {
  const urls = new Set<string>();
  for (const { body } of scrollback.newestFirst()) {
    if (typeof body === 'string') continue;
    for (const { style } of body.toReversed()) if (style.link !== undefined) urls.add(style.link);
    if (urls.size >= LINKS_MAX) break;
  }
  if (urls.size === 0) return null;
  return new Menu({
    title: 'Open a link',
    message: 'The newest comes first. Your browser opens what you choose.',
    theme,
    choices: [...urls].map((url) => ({ label: url, choose: () => open(url) })),
  });
}
