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
  readonly enter: (line: string) => void;
  /** Puts the beginning of a line where one types. */
  readonly begin: (line: string) => void;
}

interface Entry {
  /** What letters are looked for in: what it is called, and what it does. */
  readonly name: string;
  readonly does: string;
  readonly right: string;
  readonly choose: () => void;
}

/** Of what it does letters count for less than of what it is called. */
const NAME_POINTS = 8;
/** What only makes sense where one writes, or opens this very list. */
const LEFT_OUT: ReadonlySet<Action> = new Set(['palette', 'enter', 'complete', 'close']);

export function paletteItems(query: string, parts: PaletteParts): readonly Item[] {
  const { theme } = parts;
  return entriesOf(parts)
    .flatMap((entry) => {
      const name = fit(query, entry.name);
      const points = name === null ? fit(query, `${entry.name} ${entry.does}`) : name + NAME_POINTS;
      return points === null ? [] : [{ entry, points }];
    })
    .toSorted((one, other) => other.points - one.points)
    .map(({ entry: { name, does, right, choose } }) => ({
      left: [
        piece(name, { ...theme.overlay, isBold: true }),
        piece(does === '' ? '' : `  ${does}`, theme.faint),
      ],
      right,
      choose,
    }));
}

function entriesOf(parts: PaletteParts): readonly Entry[] {
  const { conversations, rooms, people, show, perform, enter, bindings } = parts;
  const open = conversations.map((label) => ({
    name: label,
    does: '',
    right: label.startsWith('#') ? 'room' : 'private',
    choose: () => show(label),
  }));
  const others = people
    .filter((username) => !conversations.includes(`@${username}`))
    .map((username) => ({
      name: username,
      does: 'write to them in private',
      right: 'person',
      choose: () => enter(`/msg ${username}`),
    }));
  const toJoin = rooms.map((room) => ({
    name: `#${room}`,
    does: 'join the room',
    right: 'room',
    choose: () => enter(`/join ${room}`),
  }));
  const actions = (Object.keys(usualBindings) as Action[])
    .filter((action) => usualBindings[action].group !== 'writing' && usualBindings[action].does !== '')
    .filter((action) => !LEFT_OUT.has(action))
    .map((action) => ({
      name: action.replaceAll('-', ' '),
      does: usualBindings[action].does,
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
function commandEntry({ name, usage, parameters, summary }: Command, { enter, begin }: PaletteParts): Entry {
  return {
    name: usage,
    does: summary,
    right: 'command',
    choose: () => (parameters === '' ? enter(`/${name}`) : begin(`/${name} `)),
  };
}
