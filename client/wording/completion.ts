// The completions that Tab offers for the word before the cursor. Pure.
import { foldName } from '../../core/protocol/names.js';
import type { ConversationLabel } from '../chat/events.js';
import type { Command } from '../commands/definition.js';
import { choicesOf, optionNames } from '../commands/arguments/options.js';
import { commands, findCommand } from '../commands/table.js';

/** The names that can be completed. */
export interface Nameable {
  readonly people: Iterable<string>;
  /** Room names without `#`. */
  readonly rooms: Iterable<string>;
  readonly conversations: readonly ConversationLabel[];
}

export interface Completion {
  /** The sorted words that `word` can become. If there is only one, it ends with a space. */
  readonly hits: readonly string[];
  readonly word: string;
}

/** @param line the text before the cursor */
export function complete(line: string, nameable: Nameable): Completion {
  const word = lastWord(line);
  const before = line.slice(0, line.length - word.length).trim();
  const folded = foldName(word);
  const hits = [...new Set(offers(before, word, nameable))]
    .filter((offer) => foldName(offer).startsWith(folded))
    .sort();
  return { hits: hits.length === 1 ? hits.map((hit) => `${hit} `) : hits, word };
}

/** The characters after the last blank. A regular expression would take time that grows with the square of a long word. */
function lastWord(line: string): string {
  let at = line.length;
  while (at > 0 && !/\s/.test(line.charAt(at - 1))) at -= 1;
  return line.slice(at);
}

function offers(before: string, word: string, { people, rooms, conversations }: Nameable): readonly string[] {
  if (before === '' && word.startsWith('/')) return commands.map(({ name }) => `/${name}`);
  const kind = kindAfter(before);
  if (kind === null || (kind === 'text' && word === '')) return [];
  // A label such as `@bob(formerly)` is a former name, and no message can be addressed to it.
  const persons = [...people, ...bare(conversations, '@').filter((name) => !name.endsWith(')'))];
  const names = [...rooms, ...bare(conversations, '#')];
  const called = word.startsWith('@') ? persons.map((one) => `@${one}`) : persons;
  const offered: { readonly [K in typeof kind]: readonly string[] } = {
    room: word.startsWith('#') ? names.map((one) => `#${one}`) : names,
    person: called,
    conversation: conversations,
    command: commands.map((one) => one.name),
    option: optionNames,
    value: choicesOf(lastWord(before)),
    text: word.startsWith('#') ? names.map((one) => `#${one}`) : called,
  };
  return offered[kind];
}

/**
 * The kind of thing that the word after `before` names. It is `text` within a message, including the text of /msg, and `value` after
 * the name of an option.
 */
function kindAfter(before: string): Command['names'] | 'text' | 'value' {
  const [name, ...others] = before.split(/\s+/);
  const command = name?.startsWith('/') === true ? findCommand(name.slice(1)) : undefined;
  if (command === undefined) return 'text';
  if (others.every((other) => other.startsWith('--'))) return command.names;
  if (command.names === 'option') return others.length === 1 ? 'value' : null;
  return command.names === 'person' ? 'text' : null;
}

function bare(conversations: readonly ConversationLabel[], sign: '#' | '@'): readonly string[] {
  return conversations.filter((label) => label.startsWith(sign)).map((label) => label.slice(1));
}
