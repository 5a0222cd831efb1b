// All that can be done and opened, and what of it a few letters mean. Pure.
import type { ConversationLabel } from '../../chat/events.js';
import type { Command } from '../../commands/definition.js';
import { commands } from '../../commands/table.js';
import { type Action, type Bindings, keyWords, usualBindings } from '../input/keys/bindings.js';
import { piece } from '../paint/style.js';
import type { Theme } from '../paint/theme.js';
import { fit } from './fuzzy.js';
import type { Item } from './picker.js';

export interface PaletteParts {
  readonly theme: Theme;
  readonly bindings: Bindings;
  readonly conversations: readonly ConversationLabel[];
  /** Those one is not in, without their sign. */
  readonly rooms: readonly string[];
  readonly people: readonly string[];
  readonly show: (label: ConversationLabel) => void;
  readonly perform: (action: Action) => void;
  /** Carries the line out. */
  readonly submit: (line: string) => void;
  /** Puts the beginning of a line where one types. */
  readonly beginLine: (line: string) => void;
}

interface PaletteEntry {
  /** What letters are looked for in: what it is called, and what it does. */
  readonly name: string;
  readonly effect: string;
  readonly right: string;
  readonly choose: () => void;
}

/** Of what it does letters count for less than of what it is called. */
const NAME_POINTS = 8;
/** What only makes sense where one writes, or opens this very list. */
const LEFT_OUT: ReadonlySet<Action> = new Set(['palette', 'enter', 'complete', 'close']);

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
  const { conversations, rooms, people, show, perform, submit, bindings } = parts;
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
      choose: () => submit(`/msg ${username}`),
    }));
  const toJoin = rooms.map((room) => ({
    name: `#${room}`,
    effect: 'join the room',
    right: 'room',
    choose: () => submit(`/join ${room}`),
  }));
  const actions = (Object.keys(usualBindings) as Action[])
    .filter((action) => usualBindings[action].group !== 'writing' && usualBindings[action].effect !== '')
    .filter((action) => !LEFT_OUT.has(action))
    .map((action) => ({
      name: action.replaceAll('-', ' '),
      effect: usualBindings[action].effect,
      right: bindings.keysOf(action).map(keyWords).join(', '),
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

/** One that needs nothing more is carried out; of another the line is begun. */
function commandEntry(
  { name, usage, parameters, summary }: Command,
  { submit, beginLine }: PaletteParts,
): PaletteEntry {
  return {
    name: usage,
    effect: summary,
    right: 'command',
    choose: () => (parameters === '' ? submit(`/${name}`) : beginLine(`/${name} `)),
  };
}
