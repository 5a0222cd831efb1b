// Which key does what: the table as it comes, and a file that changes it. What the actions do is for others to know.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, OperatorError } from '../../../../core/errors.js';

interface Binding {
  readonly keys: readonly string[];
  /** What help says. */
  readonly effect: string;
  readonly group: 'windows' | 'conversations' | 'reading' | 'writing' | 'terminal';
}

const binding = (group: Binding['group'], effect: string, ...keys: readonly string[]): Binding => ({
  group,
  effect,
  keys,
});

/** Every action with its usual keys. */
export const usualBindings = {
  help: binding('terminal', 'help: the keys and the commands', 'f1'),
  palette: binding('terminal', 'all there is to do and to open, found by a few letters', 'M-x', 'C-space'),
  members: binding('conversations', 'who is in this room', 'f2'),
  links: binding('terminal', 'the links to others, as they are now', 'f3'),
  why: binding('terminal', 'explain the last error', 'f4'),
  'log-in': binding('terminal', 'log in, or make an account', 'f5'),
  'toggle-mouse': binding('terminal', 'leave the mouse to the terminal, or take it', 'f6'),
  redraw: binding('terminal', 'draw the screen anew', 'C-l'),
  suspend: binding('terminal', 'back to the shell (fg returns)', 'C-z'),
  quit: binding('terminal', 'leave', 'C-q'),
  close: binding('terminal', 'close what lies on top, stop searching', 'escape', 'C-g'),
  'next-conversation': binding('conversations', 'the next conversation', 'M-down', 'C-n'),
  'previous-conversation': binding('conversations', 'the one before', 'M-up', 'C-p'),
  'next-unread': binding('conversations', 'the next one with something new', 'M-a'),
  'conversation-1': binding('conversations', 'the first conversation, and so on to the ninth', 'M-1'),
  'conversation-2': binding('conversations', '', 'M-2'),
  'conversation-3': binding('conversations', '', 'M-3'),
  'conversation-4': binding('conversations', '', 'M-4'),
  'conversation-5': binding('conversations', '', 'M-5'),
  'conversation-6': binding('conversations', '', 'M-6'),
  'conversation-7': binding('conversations', '', 'M-7'),
  'conversation-8': binding('conversations', '', 'M-8'),
  'conversation-9': binding('conversations', '', 'M-9'),
  'split-beside': binding('windows', 'one more window beside this one', 'M-v'),
  'split-below': binding('windows', 'one more window below this one', 'M-s'),
  'close-window': binding('windows', 'close this window', 'M-w'),
  'next-window': binding('windows', 'the next window', 'M-right'),
  'previous-window': binding('windows', 'the window before', 'M-left'),
  'page-up': binding('reading', 'a page back', 'pageup'),
  'page-down': binding('reading', 'a page on', 'pagedown'),
  'scroll-up': binding('reading', 'three rows back', 'S-up'),
  'scroll-down': binding('reading', 'three rows on', 'S-down'),
  newest: binding('reading', 'the newest message', 'M-end', 'M->'),
  search: binding('reading', 'search what was said', 'C-f'),
  'open-link': binding('reading', 'choose a link to open', 'C-o'),
  enter: binding('writing', 'send', 'enter'),
  'new-line': binding('writing', 'a line break', 'M-enter', 'C-j'),
  complete: binding('writing', 'complete a command or a name; a menu, when there are several', 'tab'),
  up: binding('writing', 'the line above, or what was entered before', 'up', 'S-tab'),
  down: binding('writing', 'the line below, or what was entered after', 'down'),
  'search-input': binding('writing', 'search what was entered', 'C-r'),
  undo: binding('writing', 'undo', 'C-_'),
  yank: binding('writing', 'put back what was cut', 'C-y'),
  'move-left': binding('writing', '', 'left', 'C-b'),
  'move-right': binding('writing', '', 'right'),
  'move-word-left': binding('writing', 'a word left', 'C-left', 'M-b'),
  'move-word-right': binding('writing', 'a word right', 'C-right', 'M-f'),
  'move-start': binding('writing', 'the start of the line', 'home', 'C-a'),
  'move-end': binding('writing', 'the end of the line', 'end', 'C-e'),
  'erase-left': binding('writing', '', 'backspace', 'C-h'),
  'erase-right': binding('writing', '', 'delete', 'C-d'),
  'erase-word-left': binding('writing', 'cut a word', 'C-w', 'M-backspace'),
  'erase-word-right': binding('writing', 'cut the word ahead', 'M-d'),
  'erase-to-start': binding('writing', 'cut to the start', 'C-u'),
  'erase-to-end': binding('writing', 'cut to the end', 'C-k'),
} as const satisfies Readonly<Record<string, Binding>>;

export type Action = keyof typeof usualBindings;

const actions = Object.keys(usualBindings) as readonly Action[];

export interface Bindings {
  /** Undefined for a key that does nothing. */
  actionOf(key: string): Action | undefined;
  keysOf(action: Action): readonly string[];
}

const fileSchema = z.partialRecord(
  z.enum(actions as [Action, ...Action[]]),
  z.array(z.string().min(1).max(32)).max(8),
);
type Changes = z.infer<typeof fileSchema>;

/** The usual table, with all keys of an action replaced where `changes` names it. A key does what was said last. */
export function bindingsWith(changes: Changes): Bindings {
  const byKey = new Map<string, Action>();
  const keysOf = (action: Action): readonly string[] => changes[action] ?? usualBindings[action].keys;
  const isChanged = (action: Action): boolean => changes[action] !== undefined;
  for (const action of [...actions.filter((one) => !isChanged(one)), ...actions.filter(isChanged)]) {
    for (const key of keysOf(action)) byKey.set(key, action);
  }
  return {
    actionOf: (key) => byKey.get(key),
    keysOf: (action) => keysOf(action).filter((key) => byKey.get(key) === action),
  };
}

/** Throws an `OperatorError` when the file cannot be read or does not say what it should. */
export async function readBindings(file: string | undefined): Promise<Bindings> {
  if (file === undefined) return bindingsWith({});
  try {
    return bindingsWith(fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new OperatorError(
      `the keys in ${file} cannot be used: ${problem}`,
      'Write a JSON object of actions and their keys, as in {"next-unread": ["M-n"]}; docs/dashboard.md lists them.',
    );
  }
}

const WORDS: Readonly<Record<string, string>> = {
  pageup: 'PgUp',
  pagedown: 'PgDn',
  backspace: 'Backspace',
  delete: 'Del',
  escape: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
};

/** `Ctrl+R` for `C-r`. */
export function keyWords(key: string): string {
  const [, control, alt, shift, name = ''] = /^(C-)?(M-)?(S-)?(.+)$/.exec(key) ?? [];
  const held = [control && 'Ctrl', alt && 'Alt', shift && 'Shift'].filter((word) => word !== undefined);
  const word =
    WORDS[name] ?? (name.length === 1 ? name.toUpperCase() : name.replace(/^\w/, (one) => one.toUpperCase()));
  return [...held, word].join('+');
}
