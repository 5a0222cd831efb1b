// The menu of the links in a conversation, which opens links without a mouse.
import { Menu } from './menu.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { linksIn } from '../view/scrollback/body.js';
import type { Scrollback } from '../view/scrollback/scrollback.js';

const LINKS_MAX = 50;

/** The menu contains each link once, the newest first, with its real address. Null if the conversation has no links. */
export function linkMenu(scrollback: Scrollback, theme: Theme, open: (url: string) => void): Menu | null {
  const urls = new Set<string>();
  for (const { body } of scrollback.newestFirst()) {
    for (const url of linksIn(body).toReversed()) urls.add(url);
    if (urls.size >= LINKS_MAX) break;
  }
  if (urls.size === 0) return null;
  return new Menu({
    title: 'Open a link',
    message: 'The newest link comes first. A chosen link opens in your browser.',
    theme,
    choices: [...urls].map((url) => ({ label: url, choose: () => open(url) })),
  });
}
