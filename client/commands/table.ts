// The one table of slash commands, and how a typed word finds its command.
import { closest } from 'fastest-levenshtein';
import { invariant } from '../../core/errors.js';
import { accountCommands } from './accounts.js';
import { attentionCommands } from './attention.js';
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

/** The command of that name, without the slash, in any case. */
export function findCommand(name: string): Command | undefined {
  const folded = name.toLowerCase();
  return commands.find((one) => one.name === folded);
}

/** The one most likely meant by a name that is none: what it begins, else what it resembles most. */
export function nearestCommand(name: string): Command {
  // The longest name has eight letters: more of what was typed changes nothing but the time it takes.
  const typed = name.toLowerCase().slice(0, 32);
  const names = commands.map((one) => one.name);
  const begun = typed === '' ? [] : names.filter((one) => one.startsWith(typed));
  const nearest = findCommand(closest(typed, begun.length > 0 ? begun : names));
  invariant(nearest !== undefined, 'the nearest name is one of the table');
  return nearest;
}
