// The parser of one typed line: a command, a message, an empty line or a refusal. Pure; it accepts any text.
import { parseTyped } from '../../core/protocol/message/markup.js';
import { sanitise } from '../../core/protocol/message/sanitise.js';
import { isVisible } from '../../core/protocol/message/visible.js';
import { MESSAGE_SHOWS_NOTHING } from '../../core/protocol/text-limits.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import { type Act, misuse } from './definition.js';
import { quoted } from './quoted.js';
import { findCommand, mostSimilarCommand, suggestionFor } from './table.js';

/** In bytes of UTF-8: eight times the limit of a message. */
export const LINE_MAX_BYTES = 64 * 1024;

export type Line =
  | { readonly kind: 'empty' }
  | { readonly kind: 'message'; readonly text: string }
  /** `command` includes the slash. */
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly act: Act;
      readonly isLast: boolean;
      readonly isIndependent: boolean;
    }
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
  const begun = line.trimStart();
  if (begun.startsWith('//')) return message(begun.slice(1).trimEnd());
  const [, name, rest] = SLASHED.exec(begun) ?? [];
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
  const { secretAfter } = findCommand(name) ?? mostSimilarCommand(name);
  if (secretAfter === undefined) return null;
  // After a name, one blank separates the password. Further blanks belong to the password.
  const before = secretAfter === 0 ? /^\s*\S+\s+(?=\S)/ : /^\s*\S+\s+\S+\s(?=[^])/;
  return before.exec(line)?.[0].length ?? null;
}

function message(typed: string): Line {
  const text = sanitise(typed);
  if (text.trim() === '') return { kind: 'empty' };
  // If only removed characters stood between marks, `text` still holds the marks, but nothing would be visible.
  if (isVisible(text === typed ? text : parseTyped(typed).text)) return { kind: 'message', text };
  return { kind: 'refusal', command: null, refusal: refusal(4, 'INVALID_FORMAT', MESSAGE_SHOWS_NOTHING) };
}

function commandLine(name: string, rest: string): Line {
  const command = findCommand(name);
  if (command === undefined) {
    const problem =
      name === '' ? 'A slash alone is not a command.' : `There is no command ${quoted(`/${name}`)}.`;
    const message = [
      problem,
      suggestionFor(name),
      '/help lists all commands. To send a message that starts with /, type // at its start.',
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
    return {
      kind: 'refusal',
      command: quoted(`/${name}`).slice(1, -1),
      refusal: refusal(5, 'INVALID_COMMAND', message),
    };
  }
  const slashed = `/${command.name}`;
  const misused = (one: Refusal): Line => ({ kind: 'refusal', command: slashed, refusal: one });
  const typed = command.secretAfter === undefined ? rest.trim() : rest.replace(/[\r\n]+$/, '');
  if (CONTROL.test(typed)) return misused(misuse(command, 'A command must not contain control characters.'));
  // Arguments are echoed and sent to others, so they are made safe once, here. A password stays as typed.
  const prepared = command.prepare(
    command.secretAfter === undefined ? sanitise(typed).replaceAll('\n', ' ') : typed,
  );
  if ('misuse' in prepared) return misused(prepared.misuse);
  const { isLast = false, isIndependent = false } = command;
  return { kind: 'command', command: slashed, act: prepared.act, isLast, isIndependent };
}
