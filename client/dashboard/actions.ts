// What each action does that is not the line editor's. Decides nothing else.
import type { Completion } from './model/completion.js';
import type { TerminalControls } from './terminal/controls.js';
import type { Action } from './input/keys/bindings.js';
import type { Overlays } from './overlay/overlays.js';
import type { Navigation, Scroll } from './model/navigation.js';
import type { Split } from './view/arrangement.js';
import type { Layout } from './view/layout.js';

export interface ActionsParts {
  readonly navigation: Navigation;
  readonly overlays: Overlays;
  readonly completion: Completion;
  readonly controls: TerminalControls;
  /** What was shown last. */
  readonly layout: () => Layout | null;
  /** The line that is written. */
  readonly enter: () => void;
  readonly speak: (line: string) => void;
  readonly logIn: () => void;
  readonly flash: (text: string) => void;
}

export function actionsOf(parts: ActionsParts): Partial<Record<Action, () => void>> {
  const { navigation, overlays, completion, controls, flash } = parts;
  const scroll = (how: Scroll) => () => navigation.scroll(how, parts.layout());
  const number = (index: number) => () => navigation.showNumber(index);
  const split = (how: Split) => () => {
    if (!navigation.split(how)) flash('Four windows are the most.');
  };
  return {
    enter: parts.enter,
    complete: () => {
      if (!completion.complete()) flash('Nothing begins like that.');
    },
    close: () => overlays.close(),
    help: () => overlays.openHelp(),
    palette: () => overlays.openPalette(),
    search: () => overlays.openSearch(),
    members: () => overlays.openMembers(),
    links: () => overlays.openLinkMonitor(),
    'open-link': () => overlays.openLinkMenu(),
    why: () => parts.speak('/why'),
    'log-in': parts.logIn,
    'next-conversation': () => navigation.step(1),
    'previous-conversation': () => navigation.step(-1),
    'next-unread': () => {
      if (!navigation.showUnread()) flash('Nothing is unread.');
    },
    'conversation-1': number(0),
    'conversation-2': number(1),
    'conversation-3': number(2),
    'conversation-4': number(3),
    'conversation-5': number(4),
    'conversation-6': number(5),
    'conversation-7': number(6),
    'conversation-8': number(7),
    'conversation-9': number(8),
    'split-beside': split('beside'),
    'split-below': split('stacked'),
    'close-window': () => navigation.closeWindow(),
    'next-window': () => navigation.activate(navigation.windows.activeIndex + 1),
    'previous-window': () => navigation.activate(navigation.windows.activeIndex - 1),
    'page-up': scroll('page-up'),
    'page-down': scroll('page-down'),
    'scroll-up': scroll('scroll-up'),
    'scroll-down': scroll('scroll-down'),
    newest: scroll('newest'),
    redraw: () => controls.redraw(),
    suspend: () => controls.suspend(),
    'toggle-mouse': () => controls.toggleMouse(),
    quit: () => controls.quit(),
  };
}
