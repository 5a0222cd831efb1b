// The table of slash commands, and the search for a command by a typed word.
import { closest } from 'fastest-levenshtein';
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
  ...terminalCommands({ all: () => commands, find: findCommand, nearest: nearestCommand }),
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
  ['away', 'dnd'],
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

/** Finds a command by its name, without the slash and in upper or lower case. */
export function findCommand(name: string): Command | undefined {
  const folded = name.toLowerCase();
  return commands.find((one) => one.name === folded);
}

/** The most likely command for an unknown name: its equivalent in another chat, a command it is a prefix of, or the most similar name. */
export function nearestCommand(name: string): Command {
  // No command name is longer than 32 characters. The limit bounds the time of the search.
  const typed = name.toLowerCase().slice(0, 32);
  const elsewhere = findCommand(ELSEWHERE.get(typed) ?? typed);
  if (elsewhere !== undefined) return elsewhere;
  const names = commands.map((one) => one.name);
  const begun = typed === '' ? [] : names.filter((one) => one.startsWith(typed));
  const nearest = findCommand(closest(typed, begun.length > 0 ? begun : names));
  invariant(nearest !== undefined, 'the nearest name is in the table');
  return nearest;
}
