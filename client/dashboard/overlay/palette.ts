// The entries of the command palette (conversations, people, rooms, actions and commands) and the search in them. Pure.
import type { ConversationLabel } from '../../chat/events.js';
import type { Command } from '../../commands/definition.js';
import { commands } from '../../commands/table.js';
import { keyLabel } from '../../../screen/keys/label.js';
import { type Action, type Bindings, defaultBindings } from '../input/keys/bindings.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { fit } from './fuzzy.js';
import type { Item } from './picker.js';

export interface PaletteParts {
  readonly theme: Theme;
  readonly bindings: Bindings;
  readonly conversations: readonly ConversationLabel[];
  /** Rooms that the user has not joined, without their `#`. */
  readonly rooms: readonly string[];
  readonly people: readonly string[];
  readonly show: (label: ConversationLabel) => void;
  readonly perform: (action: Action) => void;
  readonly startPrivate: (username: string) => void;
  readonly join: (room: string) => void;
  /** Runs a command that has no parameters. */
  readonly run: (command: Command) => void;
  /** Puts the beginning of a command into the input line. */
  readonly begin: (command: Command) => void;
}

interface PaletteEntry {
  readonly name: string;
  readonly effect: string;
  readonly right: string;
  readonly choose: () => void;
}

/** Points for a match in the name rather than in the description. */
const NAME_POINTS = 8;
/** Actions that make no sense in the palette. */
const EXCLUDED: ReadonlySet<Action> = new Set(['palette', 'enter', 'complete', 'close']);

export function paletteItems(query: string, parts: PaletteParts): readonly Item[] {
  const { theme } = parts;
  return paletteEntries(parts)
    .flatMap((entry) => {
      const name = fit(query, entry.name);
      const points = name === null ? fit(query, `${entry.name} ${entry.effect}`) : name + NAME_POINTS;
      return points === null ? [] : [{ entry, points }];
    })
    .toSorted((one, other) => other.points - one.points)
    .map(({ entry: { name, effect, right, choose } }) => ({
      left: [
        piece(name, { ...theme.overlay, isBold: true }),
        piece(effect === '' ? '' : `  ${effect}`, theme.faint),
      ],
      right,
      choose,
    }));
}

function paletteEntries(parts: PaletteParts): readonly PaletteEntry[] {
  const { conversations, rooms, people, show, startPrivate, join, perform, bindings } = parts;
  const open = conversations.map((label) => ({
    name: label,
    effect: '',
    right: label.startsWith('#') ? 'room' : 'private',
    choose: () => show(label),
  }));
  const others = people
    .filter((username) => !conversations.includes(`@${username}`))
    .map((username) => ({
      name: username,
      effect: 'write to them in private',
      right: 'person',
      choose: () => startPrivate(username),
    }));
  const toJoin = rooms.map((room) => ({
    name: `#${room}`,
    effect: 'join the room',
    right: 'room',
    choose: () => join(room),
  }));
  const actions = (Object.keys(defaultBindings) as Action[])
    .filter((action) => defaultBindings[action].group !== 'writing' && defaultBindings[action].effect !== '')
    .filter((action) => !EXCLUDED.has(action))
    .map((action) => ({
      name: action.replaceAll('-', ' '),
      effect: defaultBindings[action].effect,
      right: bindings.keysOf(action).map(keyLabel).join(', '),
      choose: () => perform(action),
    }));
  return [
    ...open,
    ...others,
    ...toJoin,
    ...actions,
    ...commands.map((command) => commandEntry(command, parts)),
  ];
}

/** A command without parameters is run. A command with parameters is put into the input line. */
function commandEntry(command: Command, { run, begin }: PaletteParts): PaletteEntry {
  const { usage, parameters, summary } = command;
  return {
    name: usage,
    effect: summary,
    right: 'command',
    choose: () => (parameters === '' ? run(command) : begin(command)),
  };
}
