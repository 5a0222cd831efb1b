// What one typed line is: a command, a message, nothing, or something refused. Pure, and total: any text has an answer.
import { sanitise } from '../../core/protocol/message/sanitise.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import { type Act, misuse } from './definition.js';
import { quoted } from './quoted.js';
import { findCommand, nearestCommand } from './table.js';

/** Bytes of UTF-8; eight times what a message may have. */
export const LINE_MAX_BYTES = 64 * 1024;

export type Line =
  | { readonly kind: 'empty' }
  | { readonly kind: 'message'; readonly text: string }
  /** `command` is written with its slash. */
  | { readonly kind: 'command'; readonly command: string; readonly act: Act; readonly isLast: boolean }
  /** `command` is null where none was meant. */
  | { readonly kind: 'refusal'; readonly command: string | null; readonly refusal: Refusal };

const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
const SLASHED = /^\/(\S*)([^]*)$/;

/**
 * Reads one line, without its line break. A command starts with `/`, also after blanks, so that no password is said
 * aloud by a slip of the space bar; a line that starts with `//` is a message that starts with `/`.
 */
export function parseLine(line: string): Line {
  if (Buffer.byteLength(line) > LINE_MAX_BYTES) return tooLongLine;
  const trimmed = line.trim();
  if (trimmed.startsWith('//')) return message(trimmed.slice(1));
  const [, name, rest] = SLASHED.exec(trimmed) ?? [];
  return name === undefined || rest === undefined ? message(line) : commandLine(name, rest);
}

/** For a line that was too long to be kept whole. */
export const tooLongLine: Line = {
  kind: 'refusal',
  command: null,
  refusal: refusal(
    4,
    'INVALID_FORMAT',
    `The line is longer than ${LINE_MAX_BYTES} bytes and was not read. Write it in several shorter ones.`,
  ),
};

/** For bytes that are not text. */
export const notTextLine: Line = {
  kind: 'refusal',
  command: null,
  refusal: refusal(4, 'INVALID_FORMAT', 'The line is not UTF-8 text and was not read. Send it as UTF-8.'),
};

/** Where in `line` a password begins, so that nothing shows or keeps it; null where there is none. */
export function secretStart(line: string): number | null {
  const [, name] = /^\s*\/(\S+)\s/.exec(line) ?? [];
  if (name === undefined) return null;
  const { secretAfter } = findCommand(name) ?? nearestCommand(name);
  if (secretAfter === undefined) return null;
  const before = secretAfter === 0 ? /^\s*\S+\s+(?=\S)/ : /^\s*\S+\s+\S+\s+(?=\S)/;
  return before.exec(line)?.[0].length ?? null;
}

function message(typed: string): Line {
  const text = sanitise(typed);
  return text.trim() === '' ? { kind: 'empty' } : { kind: 'message', text };
}

function commandLine(name: string, rest: string): Line {
  const command = findCommand(name);
  if (command === undefined) {
    const problem =
      name === '' ? 'A slash alone is no command.' : `There is no command ${quoted(`/${name}`)}.`;
    const message = `${problem} Did you mean /${nearestCommand(name).name}? See /help; a message that starts with / is written //.`;
    return {
      kind: 'refusal',
      command: quoted(`/${name}`).slice(1, -1),
      refusal: refusal(5, 'INVALID_COMMAND', message),
    };
  }
  const slashed = `/${command.name}`;
  const misused = (one: Refusal): Line => ({ kind: 'refusal', command: slashed, refusal: one });
  if (CONTROL.test(rest)) return misused(misuse(command, 'A command has no control characters.'));
  const prepared = command.prepare(rest);
  if ('misuse' in prepared) return misused(prepared.misuse);
  return { kind: 'command', command: slashed, act: prepared.act, isLast: command.isLast === true };
}
