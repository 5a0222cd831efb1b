// The readers of command arguments. A reader takes the rest of the line and returns the arguments, or the problem.
import type { z } from 'zod';
import { roomNameSchema, usernameSchema } from '../../../core/protocol/names.js';
import { textFault } from '../../../core/protocol/text-limits.js';
import { type PrivacyChoice, privacyChoiceSchema } from '../../../core/protocol/operations.js';
import type { CarrierChoice } from '../../chat/peers/carrier-choice.js';
import type { ConversationLabel } from '../../chat/events.js';
import { quoted } from '../quoted.js';

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  /** `problem` is one sentence. */
  | { readonly ok: false; readonly problem: string };

export type ArgumentReader<T> = (rest: string) => Reading<T>;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface NewRoom {
  readonly name: string;
  readonly isPrivate: boolean;
}

export interface PersonAndReason {
  readonly username: string;
  /** Empty if no reason is given. */
  readonly reason: string;
}

export interface Addressee {
  readonly username: string;
  /** The carrier to use for the conversation. Null keeps the current choice. */
  readonly choice: CarrierChoice | null;
  /** The message to send immediately. Null to send no message. */
  readonly text: string | null;
}

/** A conversation by its label, or a word without `#` or `@` that may name a room or a person. */
export type Target = { readonly label: ConversationLabel } | { readonly word: string };

export const nothing: ArgumentReader<null> = (rest) => {
  const [extra] = words(rest);
  return extra === undefined ? right(null) : wrong(`This command takes no arguments: ${quoted(extra)}.`);
};

/** One unchecked word; null if no word is given. */
export const optionalWord: ArgumentReader<string | null> = (rest) => {
  const [word, extra] = words(rest);
  return extra === undefined ? right(word ?? null) : wrong(tooMuch(extra));
};

export const optionalRoom: ArgumentReader<string | null> = (rest) => {
  const word = optionalWord(rest);
  return word.ok && word.value !== null ? roomName(word.value) : word;
};

export const room: ArgumentReader<string> = (rest) => {
  const [word, extra] = words(rest);
  if (word === undefined) return wrong("The room's name is missing.");
  return extra === undefined ? roomName(word) : wrong(tooMuch(extra));
};

/** `ROOM [--private]`, in either order. */
export const newRoom: ArgumentReader<NewRoom> = (rest) => {
  const all = words(rest);
  const isPrivate = all.includes('--private');
  const option = all.find((word) => word.startsWith('--') && word !== '--private');
  if (option !== undefined) return wrong(`There is no option ${quoted(option)}.`);
  const name = room(all.filter((word) => word !== '--private').join(' '));
  return name.ok ? right({ name: name.value, isPrivate }) : name;
};

export const person: ArgumentReader<string> = (rest) => {
  const [word, extra] = words(rest);
  if (word === undefined) return wrong('The name of the person is missing.');
  return extra === undefined ? personName(word) : wrong(tooMuch(extra));
};

/** `USER [ok]`. */
export const personAndOk: ArgumentReader<{ readonly username: string; readonly isOk: boolean }> = (rest) => {
  const [word, after] = firstWord(rest);
  if (word === '') return wrong('The name of the person is missing.');
  const username = personName(word);
  if (!username.ok) return username;
  if (after !== '' && after.toLowerCase() !== 'ok')
    return wrong(`Type "ok" to confirm, not ${quoted(after)}.`);
  return right({ username: username.value, isOk: after !== '' });
};

/** `USER [REASON]`. */
export const personAndReason: ArgumentReader<PersonAndReason> = (rest) => {
  const [word, reason] = firstWord(rest);
  if (word === '') return wrong('The name of the person is missing.');
  const username = personName(word);
  if (!username.ok) return username;
  const fault = textFault('reason', reason);
  return fault === null ? right({ username: username.value, reason }) : wrong(fault);
};

/** `TEXT`, the rest of the line. */
export const anyText: ArgumentReader<string> = (rest) =>
  rest.trim() === '' ? wrong('The text is missing.') : right(rest.trim());

/** `[TEXT|--clear]`. Empty for `--clear`, null for no argument. */
export const topicText: ArgumentReader<string | null> = (rest) => {
  const text = rest.trim();
  if (text === '--clear') return right('');
  if (text === '') return right(null);
  const fault = textFault('topic', text);
  return fault === null ? right(text) : wrong(fault);
};

/** `NAME PASSWORD`. The password is everything after the name and one blank, further blanks included. */
export const credentials: ArgumentReader<Credentials> = (rest) => {
  const [, name = '', password = ''] = /^\s*(\S*)\s?([^]*)$/.exec(rest) ?? [];
  if (name === '') return wrong('The name and the password are missing.');
  const username = personName(name);
  if (!username.ok) return username;
  if (password.trim() === '') return wrong('The password is missing.');
  return right({ username: username.value, password });
};

export interface TwoPasswords {
  readonly current: string;
  readonly next: string;
}

const PASSWORD = /("(?:[^"\\]|\\.)*"|[^\s"]\S*)/.source;
const TWO_PASSWORDS = new RegExp(`^\\s*${PASSWORD}\\s+${PASSWORD}\\s*$`);

/** Two words, or pass phrases in double quotes, in which `\` escapes a quote or a backslash. Its problems never quote the input. */
export const twoPasswords: ArgumentReader<TwoPasswords> = (rest) => {
  if (rest.trim() === '') return wrong('The old and the new password are missing.');
  const [, current, next] = TWO_PASSWORDS.exec(rest) ?? [];
  if (current === undefined || next === undefined) {
    return wrong(
      'Give the old and the new password. If a password has spaces or begins with a double quote, put it in double quotes and write \\ before each double quote in it.',
    );
  }
  return right({ current: unquoted(current), next: unquoted(next) });
};

const unquoted = (word: string): string =>
  word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;

/** `[revoke NAME|NUMBER]`. The terminal to revoke, or null for no argument. */
export const deviceChoice: ArgumentReader<string | null> = (rest) => {
  const [word, which] = firstWord(rest);
  if (word === '') return right(null);
  if (word.toLowerCase() !== 'revoke') return wrong(`/devices has no action ${quoted(word)}.`);
  return which === '' ? wrong('The name or the number of the terminal is missing.') : right(which);
};

/** `NAME`, a new name for the account. */
export const newName: ArgumentReader<string> = (rest) => {
  const [name, extra] = words(rest);
  if (name === undefined) return wrong('The new name is missing.');
  return extra === undefined ? personName(name) : wrong(tooMuch(extra));
};

const CHOICES: ReadonlyMap<string, CarrierChoice> = new Map([
  ['auto', 'auto'],
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['relay', 'relay'],
]);

/** `[open|contacts]`. Null for no argument. */
export const privacyChoice: ArgumentReader<PrivacyChoice | null> = (rest) => {
  const word = rest.trim().toLowerCase();
  if (word === '') return right(null);
  const read = privacyChoiceSchema.safeParse(word);
  return read.success ? right(read.data) : wrong(`${quoted(word)} is not a privacy setting.`);
};

/** `auto|tcp|udp|relay [CONVERSATION]`. */
export const linkChoice: ArgumentReader<{
  readonly choice: CarrierChoice;
  /** Null for the current conversation. */
  readonly target: Target | null;
}> = (rest) => {
  const [word, after] = firstWord(rest);
  const choice = CHOICES.get(word.toLowerCase());
  if (word === '') return wrong('The carrier is missing: auto, tcp, udp or relay.');
  if (choice === undefined) return wrong(`${quoted(word)} is not a carrier: use auto, tcp, udp or relay.`);
  if (after === '') return right({ choice, target: null });
  const read = target(after);
  return read.ok ? right({ choice, target: read.value }) : read;
};

/** `[--auto|--tcp|--udp|--relay] USER [TEXT]`. */
export const addressee: ArgumentReader<Addressee> = (rest) => {
  const [word, after] = firstWord(rest);
  const choice = CHOICES.get(word.slice(2));
  if (word.startsWith('--') && choice !== undefined) {
    const read = addressee(after);
    if (read.ok && read.value.choice !== null) return wrong('Only one carrier can be chosen.');
    return read.ok ? right({ ...read.value, choice }) : read;
  }
  if (word.startsWith('--')) return wrong(`There is no option ${quoted(word)}.`);
  if (word === '') return wrong('The name of the person is missing.');
  const username = personName(word);
  if (!username.ok) return username;
  // A carrier option may also follow the name. Otherwise it would be sent as part of the message.
  const [option, text] = firstWord(after);
  const late = option.startsWith('--') ? CHOICES.get(option.slice(2)) : undefined;
  const said = late === undefined ? after : text;
  return right({ username: username.value, choice: late ?? null, text: said === '' ? null : said });
};

/** The label of a conversation with a person who had the name before. */
const FORMER = /^(@.*)(\(formerly(?:-\d{1,3})?\))$/i;

export const target: ArgumentReader<Target> = (rest) => {
  const [word, extra] = words(rest);
  if (word === undefined) return wrong('The conversation is missing: #room or @user.');
  if (extra !== undefined) return wrong(tooMuch(extra));
  if (word.startsWith('#')) return labelled('#', roomName(word));
  if (word.startsWith('@')) {
    const [, name = word, suffix = ''] = FORMER.exec(word) ?? [];
    return labelled('@', personName(name), suffix);
  }
  return right({ word });
};

function roomName(word: string): Reading<string> {
  if (word.startsWith('@')) return wrong(`${quoted(word)} is a person, not a room.`);
  return named(roomNameSchema, word.replace(/^#/, ''));
}

function personName(word: string): Reading<string> {
  if (word.startsWith('#')) return wrong(`${quoted(word)} is a room, not a person.`);
  return named(usernameSchema, word.replace(/^@/, ''));
}

function named(schema: z.ZodType<string>, word: string): Reading<string> {
  const parsed = schema.safeParse(word);
  if (parsed.success) return right(parsed.data);
  return wrong(
    `${quoted(word)} is not a valid name: ${parsed.error.issues[0]?.message ?? parsed.error.message}`,
  );
}

function labelled(sign: '#' | '@', name: Reading<string>, suffix = ''): Reading<Target> {
  return name.ok ? right({ label: `${sign}${name.value}${suffix}` }) : name;
}

export const right = <T>(value: T): Reading<T> => ({ ok: true, value });
export const wrong = (problem: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem,
});
export const tooMuch = (word: string): string => `${quoted(word)} is unexpected.`;

/** The first three words. No reader in this file accepts more than two, so three are enough to detect an excess. */
function words(rest: string): readonly string[] {
  return rest.trim() === '' ? [] : rest.trim().split(/\s+/, 3);
}

/** The first word and the rest of the line, trimmed. Both may be empty. */
function firstWord(rest: string): readonly [string, string] {
  const [, word = '', after = ''] = /^\s*(\S*)([^]*)$/.exec(rest) ?? [];
  return [word, after.trim()];
}
