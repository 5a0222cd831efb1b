// The table of slash commands, and the search for a command by a typed word.
import { closest } from 'fastest-levenshtein';
import { invariant } from '../../core/errors.js';
import { accountCommands } from './accounts.js';
import { begunBy, nearestName } from './arguments/nearest.js';
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

/** Command names of IRC, Matrix and other chats, with the equivalent command of Partyline. */
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
  ['settings', 'set'],
  ['options', 'set'],
  ['config', 'set'],
  ['theme', 'set'],
  ['commands', 'help'],
  ['keys', 'help'],
  ['bye', 'quit'],
  ['exit', 'quit'],
]);

/** Command names of other chats without an equivalent in Partyline, each with a sentence that says so. */
const WITHOUT_EQUIVALENT: ReadonlyMap<string, string> = new Map([
  ['away', 'After ten minutes without a key you are shown as away. /dnd silences notifications.'],
  ['back', 'You are shown as online again as soon as you type.'],
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

/** The sentence that helps after an unknown name; empty if no command is near. */
export function suggestionFor(name: string): string {
  const typed = name.toLowerCase().slice(0, NAME_MAX);
  const suggested = ELSEWHERE.get(typed) ?? nearestName(typed, commandNames());
  return suggested === undefined ? (WITHOUT_EQUIVALENT.get(typed) ?? '') : `Did you mean /${suggested}?`;
}

/**
 * The command whose name is the most similar, however little. It decides whether a mistyped command carries a password, which
 * must be hidden.
 */
export function mostSimilarCommand(name: string): Command {
  const typed = name.toLowerCase().slice(0, NAME_MAX);
  const known = ELSEWHERE.get(typed) ?? begunBy(typed, commandNames()) ?? closest(typed, commandNames());
  const similar = findCommand(known);
  invariant(similar !== undefined, 'the most similar name is in the table');
  return similar;
}

const commandNames = (): string[] => commands.map((one) => one.name);
