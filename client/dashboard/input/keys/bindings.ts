// The key bindings: the default table, and the file that changes it. The actions are defined elsewhere.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, OperatorError } from '../../../../core/errors.js';
import { isFileError } from '../../../../core/files.js';
import { candidatesOf, keyProblem, POSSIBLE_KEYS } from './possible-keys.js';

interface Binding {
  readonly keys: readonly string[];
  /** Shown in the help; empty for an action that the help omits. */
  readonly effect: string;
  readonly group: 'windows' | 'conversations' | 'reading' | 'writing' | 'terminal';
}

const binding = (group: Binding['group'], effect: string, ...keys: readonly string[]): Binding => ({
  group,
  effect,
  keys,
});

/** Every action with its default keys. */
export const defaultBindings = {
  help: binding('terminal', 'help: the keys and the commands', 'f1'),
  palette: binding('terminal', 'search all commands, actions, conversations and people', 'M-x', 'C-space'),
  members: binding('conversations', 'the members of this room', 'f2'),
  links: binding('terminal', 'the links to other terminals', 'f3'),
  why: binding('terminal', 'explain the last error', 'f4'),
  'log-in': binding('terminal', 'log in, or create an account', 'f5'),
  'toggle-mouse': binding(
    'terminal',
    'release the mouse, so that the terminal selects text, or capture it again',
    'f6',
  ),
  redraw: binding('terminal', 'redraw the screen', 'C-l'),
  suspend: binding('terminal', 'suspend to the shell (fg resumes)', 'C-z'),
  quit: binding('terminal', 'quit', 'C-q'),
  close: binding('terminal', 'close the overlay, end a search', 'escape', 'C-g'),
  'next-conversation': binding('conversations', 'the next conversation', 'M-down', 'C-n'),
  'previous-conversation': binding('conversations', 'the previous conversation', 'M-up', 'C-p'),
  'next-unread': binding('conversations', 'the next unread conversation', 'M-a'),
  'conversation-1': binding(
    'conversations',
    'the first conversation; Alt+2 to Alt+9: the second to ninth',
    'M-1',
  ),
  'conversation-2': binding('conversations', '', 'M-2'),
  'conversation-3': binding('conversations', '', 'M-3'),
  'conversation-4': binding('conversations', '', 'M-4'),
  'conversation-5': binding('conversations', '', 'M-5'),
  'conversation-6': binding('conversations', '', 'M-6'),
  'conversation-7': binding('conversations', '', 'M-7'),
  'conversation-8': binding('conversations', '', 'M-8'),
  'conversation-9': binding('conversations', '', 'M-9'),
  'split-beside': binding('windows', 'add a window beside this one', 'M-v'),
  'split-below': binding('windows', 'add a window below this one', 'M-s'),
  'close-window': binding('windows', 'close this window', 'M-w'),
  'next-window': binding('windows', 'the next window', 'M-right'),
  'previous-window': binding('windows', 'the previous window', 'M-left'),
  wider: binding('windows', 'make this window wider', 'M-S-right'),
  narrower: binding('windows', 'make this window narrower', 'M-S-left'),
  taller: binding('windows', 'make this window taller', 'M-S-down'),
  lower: binding('windows', 'make this window less tall', 'M-S-up'),
  'equal-windows': binding('windows', 'give all windows the same size', 'M-='),
  'toggle-members': binding('windows', 'list the members beside a room, or hide them', 'M-m'),
  'page-up': binding('reading', 'scroll a page back', 'pageup'),
  'page-down': binding('reading', 'scroll a page forward', 'pagedown'),
  'scroll-up': binding('reading', 'scroll three rows back', 'S-up'),
  'scroll-down': binding('reading', 'scroll three rows forward', 'S-down'),
  newest: binding('reading', 'scroll to the newest message', 'M-end', 'M->'),
  search: binding('reading', 'search the messages', 'C-f'),
  'open-link': binding('reading', 'open a link', 'C-o'),
  enter: binding('writing', 'send', 'enter'),
  'new-line': binding('writing', 'insert a line break', 'M-enter', 'S-enter', 'C-j'),
  complete: binding('writing', 'complete a command or a name; with several matches open a menu', 'tab'),
  up: binding('writing', 'the line above, or the previous entry of the history', 'up', 'S-tab'),
  down: binding('writing', 'the line below, or the next entry of the history', 'down'),
  'search-input': binding('writing', 'search the history', 'C-r'),
  undo: binding('writing', 'undo', 'C-_'),
  yank: binding('writing', 'insert the text that was cut last', 'C-y'),
  'move-left': binding('writing', '', 'left', 'C-b'),
  'move-right': binding('writing', '', 'right'),
  'move-word-left': binding('writing', 'move a word left', 'C-left', 'M-b'),
  'move-word-right': binding('writing', 'move a word right', 'C-right', 'M-f'),
  'move-start': binding('writing', 'move to the start of the line', 'home', 'C-a'),
  'move-end': binding('writing', 'move to the end of the line', 'end', 'C-e'),
  'erase-left': binding('writing', '', 'backspace', 'C-h'),
  'erase-right': binding('writing', '', 'delete', 'C-d'),
  'erase-word-left': binding('writing', 'cut the word before the cursor', 'C-w', 'M-backspace'),
  'erase-word-right': binding('writing', 'cut the word after the cursor', 'M-d'),
  'erase-to-start': binding('writing', 'cut to the start of the line', 'C-u'),
  'erase-to-end': binding('writing', 'cut to the end of the line', 'C-k'),
} as const satisfies Readonly<Record<string, Binding>>;

export type Action = keyof typeof defaultBindings;

const actions = Object.keys(defaultBindings) as readonly Action[];

export interface Bindings {
  /** Undefined for a key without an action. */
  actionOf(key: string): Action | undefined;
  keysOf(action: Action): readonly string[];
}

const keySchema = z
  .string()
  .min(1)
  .max(32)
  .superRefine((key, context) => {
    const problem = keyProblem(key);
    if (problem !== null)
      context.addIssue({ code: 'custom', message: `${JSON.stringify(key)} cannot be bound: ${problem}` });
  });
const fileSchema = z.partialRecord(z.enum(actions as [Action, ...Action[]]), z.array(keySchema).max(8));
type Changes = z.infer<typeof fileSchema>;

/**
 * The default table with `changes`. If `changes` names an action, its keys replace all default keys of the action. A key in
 * `changes` loses its default action.
 */
export function bindingsWith(changes: Changes): Bindings {
  const byKey = new Map<string, Action>();
  const keysOf = (action: Action): readonly string[] => changes[action] ?? defaultBindings[action].keys;
  const isChanged = (action: Action): boolean => changes[action] !== undefined;
  for (const action of [...actions.filter((one) => !isChanged(one)), ...actions.filter(isChanged)]) {
    for (const key of keysOf(action)) byKey.set(key, action);
  }
  return {
    actionOf: (key) => {
      const bound = candidatesOf(key).find((one) => byKey.has(one));
      return bound === undefined ? undefined : byKey.get(bound);
    },
    keysOf: (action) => keysOf(action).filter((key) => byKey.get(key) === action),
  };
}

/** Throws an `OperatorError` if the file cannot be read or has the wrong content. */
export async function readBindings(file: string | undefined): Promise<Bindings> {
  if (file === undefined) return bindingsWith({});
  const unusable = (problem: string, remedy: string): OperatorError =>
    new OperatorError(`the keys file ${file} cannot be used: ${problem}`, remedy);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(readProblem(error), 'Give --keys the path of a file that you can read, or leave it out.');
  }
  try {
    return bindingsWith(fileSchema.parse(JSON.parse(text)));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw unusable(
      problem,
      `Write a JSON object of actions and their keys, for example {"next-unread": ["M-n"]}. ${POSSIBLE_KEYS} docs/reference/dashboard.md lists the actions.`,
    );
  }
}

function readProblem(error: unknown): string {
  if (isFileError(error, 'ENOENT')) return 'there is no such file';
  if (isFileError(error, 'EACCES')) return 'you may not read it';
  if (isFileError(error, 'EISDIR')) return 'it is a folder';
  return messageOf(error);
}
