// The parser of one typed line: a command, a message, an empty line or a refusal. Pure; it accepts any text.
import { sanitise } from '../../core/protocol/message/sanitise.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import { type Act, misuse } from './definition.js';
import { quoted } from './quoted.js';
import { findCommand, nearestCommand } from './table.js';

/** In bytes of UTF-8: eight times the limit of a message. */
export const LINE_MAX_BYTES = 64 * 1024;

export type Line =
  | { readonly kind: 'empty' }
  | { readonly kind: 'message'; readonly text: string }
  /** `command` includes the slash. */
  | { readonly kind: 'command'; readonly command: string; readonly act: Act; readonly isLast: boolean }
  /** `command` is null if the line is not a command. */
  | { readonly kind: 'refusal'; readonly command: string | null; readonly refusal: Refusal };

const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
const SLASHED = /^\/(\S*)([^]*)$/;

/**
 * Parses one line, without its line break. A command starts with `/`, also after spaces, so that a stray space does not send
 * a password as a message. A line that starts with `//` is a message that starts with `/`.
 */
export function parseLine(line: string): Line {
  if (Buffer.byteLength(line) > LINE_MAX_BYTES) return tooLongLine;
  const trimmed = line.trim();
  if (trimmed.startsWith('//')) return message(trimmed.slice(1));
  const [, name, rest] = SLASHED.exec(trimmed) ?? [];
  return name === undefined || rest === undefined ? message(line) : commandLine(name, rest);
}

/** The result for a line over the limit. */
export const tooLongLine: Line = {
  kind: 'refusal',
  command: null,
  refusal: refusal(
    4,
    'INVALID_FORMAT',
    `The line is longer than ${LINE_MAX_BYTES} bytes and was ignored. Split it into shorter lines.`,
  ),
};

/** The result for bytes that are not UTF-8. */
export const notTextLine: Line = {
  kind: 'refusal',
  command: null,
  refusal: refusal(4, 'INVALID_FORMAT', 'The line is not UTF-8 text and was ignored. Send it as UTF-8.'),
};

/** The index in `line` at which a password begins, so that no screen and no history keeps it. Null without a password. */
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
      name === '' ? 'A slash alone is not a command.' : `There is no command ${quoted(`/${name}`)}.`;
    const message = `${problem} Did you mean /${nearestCommand(name).name}? /help lists all commands. To send a message that starts with /, type //.`;
    return {
      kind: 'refusal',
      command: quoted(`/${name}`).slice(1, -1),
      refusal: refusal(5, 'INVALID_COMMAND', message),
    };
  }
  const slashed = `/${command.name}`;
  const misused = (one: Refusal): Line => ({ kind: 'refusal', command: slashed, refusal: one });
  if (CONTROL.test(rest)) return misused(misuse(command, 'A command must not contain control characters.'));
  const prepared = command.prepare(rest);
  if ('misuse' in prepared) return misused(prepared.misuse);
  return { kind: 'command', command: slashed, act: prepared.act, isLast: command.isLast === true };
}
