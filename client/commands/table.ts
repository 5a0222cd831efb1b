// The table of slash commands, and the search for a command by a typed word.
import { closest, distance } from 'fastest-levenshtein';
import { invariant } from '../../core/errors.js';
import { accountCommands } from './accounts.js';
import { attentionCommands } from './notifications.js';
import { conversationCommands } from './conversations.js';
import type { Command } from './definition.js';
import { historyCommands } from './history.js';
import { moderationCommands } from './moderation.js';
import { peopleCommands } from './people.js';
import { roomCommands } from './rooms.js';
import { terminalCommands } from './terminal.js';

/** All commands, in the order of `/help`. */
export const commands: readonly Command[] = [
  ...accountCommands,
  ...roomCommands,
  ...moderationCommands,
  ...peopleCommands,
  ...conversationCommands,
  ...historyCommands,
  ...attentionCommands,
  ...terminalCommands({ all: () => commands, find: findCommand, suggestion: suggestionFor }),
];

/** Command names of IRC, Matrix and other chats, with the equivalent here. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['nick', 'rename'],
  ['name', 'rename'],
  ['part', 'leave'],
  ['close', 'leave'],
  ['query', 'msg'],
  ['tell', 'msg'],
  ['whisper', 'msg'],
  ['w', 'msg'],
  ['dm', 'msg'],
  ['names', 'members'],
  ['list', 'rooms'],
  ['channels', 'rooms'],
  ['who', 'people'],
  ['whois', 'people'],
  ['users', 'people'],
  ['online', 'people'],
  ['kick', 'remove'],
  ['op', 'promote'],
  ['admin', 'promote'],
  ['deop', 'demote'],
  ['ignore', 'block'],
  ['unignore', 'unblock'],
  ['busy', 'dnd'],
  ['buffer', 'open'],
  ['switch', 'open'],
  ['window', 'open'],
  ['lastlog', 'search'],
  ['grep', 'search'],
  ['signup', 'register'],
  ['identify', 'login'],
  ['signin', 'login'],
  ['signout', 'logout'],
  ['commands', 'help'],
  ['keys', 'help'],
  ['bye', 'quit'],
  ['exit', 'quit'],
]);

/** Command names of other chats without an equivalent here, with a sentence about it. */
const WITHOUT_EQUIVALENT: ReadonlyMap<string, string> = new Map([
  ['away', 'After ten minutes without a key you are shown as away. /dnd silences notifications.'],
  ['back', 'You are shown as online again as soon as you type.'],
  ['set', 'Settings are options at the start: partyline chat --help lists them.'],
]);

/** Other spellings of a command. */
const ALIASES: ReadonlyMap<string, string> = new Map([['?', 'help']]);

/** Finds a command by its name, without the slash and in upper or lower case. */
export function findCommand(name: string): Command | undefined {
  const typed = name.toLowerCase();
  const folded = ALIASES.get(typed) ?? typed;
  return commands.find((one) => one.name === folded);
}

/** No command name is longer. The limit bounds the time of a search. */
const NAME_MAX = 32;
/** The shortest beginning of a command name that is completed to the whole name. */
const BEGINNING_MIN = 3;

/** The sentence that helps after an unknown name; empty if no command is near. */
export function suggestionFor(name: string): string {
  const typed = name.toLowerCase().slice(0, NAME_MAX);
  const suggested = ELSEWHERE.get(typed) ?? begunBy(typed) ?? nearTo(typed);
  return suggested === undefined ? (WITHOUT_EQUIVALENT.get(typed) ?? '') : `Did you mean /${suggested}?`;
}

/**
 * The command whose name is the most similar, however little. It decides whether a mistyped command carries a password, which
 * must be hidden.
 */
export function mostSimilarCommand(name: string): Command {
  const typed = name.toLowerCase().slice(0, NAME_MAX);
  const known = ELSEWHERE.get(typed) ?? begunBy(typed) ?? closest(typed, commandNames());
  const similar = findCommand(known);
  invariant(similar !== undefined, 'the most similar name is in the table');
  return similar;
}

const commandNames = (): string[] => commands.map((one) => one.name);

/** The shortest name that begins with `typed`. */
function begunBy(typed: string): string | undefined {
  if (typed.length < BEGINNING_MIN) return undefined;
  return commandNames()
    .filter((one) => one.startsWith(typed))
    .toSorted((one, other) => one.length - other.length)[0];
}

/** The name that `typed` becomes with one mistake, or with two if it is long. */
function nearTo(typed: string): string | undefined {
  const mistakesMax = typed.length < BEGINNING_MIN ? 0 : typed.length < 6 ? 1 : 2;
  const [nearest] = commandNames()
    .map((name) => ({ name, mistakes: mistakesBetween(typed, name) }))
    .filter(({ mistakes }) => mistakes <= mistakesMax)
    .toSorted((one, other) => one.mistakes - other.mistakes);
  return nearest?.name;
}

/** Letters to insert, remove or replace. Two neighbouring letters in the wrong order count as one mistake. */
function mistakesBetween(typed: string, name: string): number {
  const swapped = Array.from({ length: Math.max(0, typed.length - 1) }, (_, at) =>
    distance(typed.slice(0, at) + typed.charAt(at + 1) + typed.charAt(at) + typed.slice(at + 2), name),
  );
  return Math.min(distance(typed, name), ...swapped.map((others) => others + 1));
}
