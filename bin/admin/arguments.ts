// The parsers of the arguments of `partyline admin`, and the descriptions that several commands share.
import { InvalidArgumentError } from 'commander';
import { type Moment, MOMENT_FORMS, parseMoment } from '../../admin/moment.js';
import { parseSpeed, type Speed } from '../../admin/replay/pace.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { systemClock } from '../../core/time/clock.js';

export const MOMENT = 'a position, 2026-01-31, 2026-01-31T12:00Z, a time before now (90m, 12h, 7d), or now';
export const SUBJECT = "a room or an account: '#room', @user, a current or former name, or an id";
export const DRY_RUN = 'Show the events and the people who would learn of them. No file is changed.';
export const JSON_OBJECT = 'One JSON object, for programs.';
export const JSON_LINES = 'One JSON object per line, for programs.';

/** Refuses a text that would take more than one line on a screen or move the cursor. */
export function line(text: string): string {
  if (sanitiseLine(text) === text) return text;
  throw new InvalidArgumentError('Give one line without control characters or invisible characters.');
}

export function count(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, 1 or greater.');
}

export function moment(text: string): Moment {
  const parsed = parseMoment(text, systemClock);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError(MOMENT_FORMS);
}

export function speed(text: string): Speed {
  const parsed = parseSpeed(text);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError('Give max, or a factor such as 1x, 10x or 0.5x.');
}

/** Parses the words of `admin diff`: an optional subject, and the two moments after it. */
export function diffWords(words: readonly string[]): {
  readonly subject: string | undefined;
  readonly from: Moment;
  readonly to: Moment;
} {
  const moments = words.slice(-2).map(moment);
  const [from, to] = moments;
  if (from === undefined || to === undefined || words.length > 3) {
    throw new InvalidArgumentError('Give two moments, or a subject and two moments.');
  }
  return { subject: words.length === 3 ? line(words[0] ?? '') : undefined, from, to };
}
