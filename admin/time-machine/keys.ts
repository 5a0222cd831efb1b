// The keys of the time machine: one table for the view, its help and its page in the documentation.
import { keyLabel } from '../../screen/keys/label.js';

interface KeyBinding {
  readonly keys: readonly string[];
  /** The effect, as the help shows it. */
  readonly effect: string;
  readonly group: KeyGroup;
}

export const KEY_GROUPS = {
  move: 'Move the cursor',
  jump: 'Jump and search',
  play: 'Play',
  look: 'Choose what is shown',
  screen: 'Screen',
} as const;
export type KeyGroup = keyof typeof KEY_GROUPS;

const binding = (group: KeyGroup, effect: string, ...keys: readonly string[]): KeyBinding => ({
  group,
  effect,
  keys,
});

/** Every action with its keys. A single letter is the character; other names are those of `screen/keys/names.ts`. */
export const keyTable = {
  'next-event': binding('move', 'the next event', 'right', 'l'),
  'previous-event': binding('move', 'the previous event', 'left', 'h'),
  'page-forward': binding('move', 'a page of events forward', 'pagedown'),
  'page-back': binding('move', 'a page of events back', 'pageup'),
  'hour-forward': binding('move', 'an hour forward', ']'),
  'hour-back': binding('move', 'an hour back', '['),
  'day-forward': binding('move', 'a day forward', '}'),
  'day-back': binding('move', 'a day back', '{'),
  beginning: binding('move', 'the beginning of the log', 'home', '0'),
  end: binding('move', 'the end of the log', 'end', '$'),
  'go-to': binding('move', 'a moment that you type: a position, a time, or a time before now', 'g', ':'),
  'next-of-kind': binding('jump', 'the next event of the same type', 't'),
  'previous-of-kind': binding('jump', 'the previous event of the same type', 'T'),
  'next-of-subject': binding('jump', 'the next event of the selected room or account', 's'),
  'previous-of-subject': binding('jump', 'the previous event of the selected room or account', 'S'),
  'next-admin-change': binding('jump', 'the next change of admins', 'a'),
  'previous-admin-change': binding('jump', 'the previous change of admins', 'A'),
  'next-removal': binding('jump', 'the next removal, ban or disabled account', 'b'),
  'previous-removal': binding('jump', 'the previous removal, ban or disabled account', 'B'),
  search: binding('jump', 'search by name, type or text', '/'),
  'next-hit': binding('jump', 'the next hit of the search', 'n'),
  'previous-hit': binding('jump', 'the previous hit of the search', 'N'),
  play: binding('play', 'play or pause', 'space'),
  faster: binding('play', 'play faster: 1x, 10x, 100x, max', '+', '='),
  slower: binding('play', 'play slower', '-'),
  'select-previous': binding('look', 'the room or account above', 'up', 'k'),
  'select-next': binding('look', 'the room or account below', 'down', 'j'),
  'switch-list': binding('look', 'switch between rooms and accounts', 'tab'),
  follow: binding('look', 'follow the event: show the room or account that it concerns', 'f'),
  'scroll-up': binding('look', 'scroll the room or account up', 'S-up', 'K'),
  'scroll-down': binding('look', 'scroll the room or account down', 'S-down', 'J'),
  'compare-now': binding('look', 'compare with now side by side, or end that', 'v'),
  'compare-mark': binding('look', 'compare with this moment from now on', 'm'),
  'zoom-in': binding('look', 'show a shorter time on the timeline', 'z'),
  'zoom-out': binding('look', 'show a longer time on the timeline', 'Z'),
  help: binding('screen', 'show or hide this help', '?', 'f1'),
  'toggle-mouse': binding(
    'screen',
    'release the mouse, so that the terminal selects text, or capture it again',
    'f6',
  ),
  redraw: binding('screen', 'redraw the screen', 'C-l'),
  suspend: binding('screen', 'suspend to the shell (fg resumes)', 'C-z'),
  close: binding('screen', 'end a search, the help or the comparison', 'escape'),
  quit: binding('screen', 'quit', 'q', 'C-c', 'C-q'),
} as const satisfies Readonly<Record<string, KeyBinding>>;

export type Action = keyof typeof keyTable;

export const actions = Object.keys(keyTable) as readonly Action[];

const byKey = new Map<string, Action>(
  actions.flatMap((action) => keyTable[action].keys.map((key) => [key, action] as const)),
);

/** Undefined for a key without an action. */
export const actionOf = (key: string): Action | undefined => byKey.get(key);

/** The label of a key: `a` and `A` for letters, `Ctrl+L` for the others. */
const labelOf = (key: string): string => (/^[a-z]$/i.test(key) ? key : keyLabel(key));

/** The groups with their keys and effects, in the order of the help. */
export const keyRows = (Object.keys(KEY_GROUPS) as readonly KeyGroup[]).map((group) => ({
  title: KEY_GROUPS[group],
  rows: actions
    .filter((action) => keyTable[action].group === group)
    .map((action) => ({
      keys: keyTable[action].keys.map(labelOf),
      effect: keyTable[action].effect,
    })),
}));
