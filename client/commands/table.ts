// The one table of slash commands, and how a typed word finds its command.
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

/** In the order `/help` lists them. */
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

/** What people who come from IRC, Matrix or another chat would type. */
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

/** The command of that name, without the slash, in any case. */
export function findCommand(name: string): Command | undefined {
  const folded = name.toLowerCase();
  return commands.find((one) => one.name === folded);
}

/** The one most likely meant by a name that is none: what it is called elsewhere, what it begins, else what it resembles most. */
export function nearestCommand(name: string): Command {
  // The longest name has eight letters: more of what was typed changes nothing but the time it takes.
  const typed = name.toLowerCase().slice(0, 32);
  const elsewhere = findCommand(ELSEWHERE.get(typed) ?? typed);
  if (elsewhere !== undefined) return elsewhere;
  const names = commands.map((one) => one.name);
  const begun = typed === '' ? [] : names.filter((one) => one.startsWith(typed));
  const nearest = findCommand(closest(typed, begun.length > 0 ? begun : names));
  invariant(nearest !== undefined, 'the nearest name is one of the table');
  return nearest;
}
