// The argument readers of /mute, /unmute and /dnd.
import { parseDuration } from '../../../core/time/duration.js';
import type { MuteLevel } from '../../chat/events.js';
import type { MuteTarget } from '../../chat/port.js';
import { type ArgumentReader, type Reading, right, target, tooMuch, wrong } from './arguments.js';
import { quoted } from '../quoted.js';

export interface Muting {
  /** Null for the current conversation. */
  readonly target: MuteTarget;
  readonly level: MuteLevel;
  /** In milliseconds. Null for a mute without an end. */
  readonly durationMs: number | null;
  /** Whether there are no arguments. */
  readonly isBare: boolean;
}

const MAX_DAYS = 365;
const MAX_MS = MAX_DAYS * 86_400_000;

/**
 * `[CONVERSATION|USER] [all|mentions] [DURATION]`. A room or person whose name is also a level or a duration needs its `#` or
 * `@`.
 */
export const muting: ArgumentReader<Muting> = (rest) => {
  const words = wordsOf(rest);
  const isBare = words.length === 0;
  let whom: MuteTarget = null;
  if (words[0] !== undefined && levelOf(words[0]) === null && parseDuration(words[0]) === null) {
    const read = target(words.shift() ?? '');
    if (!read.ok) return read;
    whom = read.value;
  }
  const level = words[0] === undefined ? null : levelOf(words[0]);
  if (level !== null) words.shift();
  const [duration, extra] = words;
  if (extra !== undefined) return wrong(tooMuch(extra));
  const read = duration === undefined ? right(null) : durationOf(duration);
  if (!read.ok) return read;
  return right({ target: whom, level: level ?? 'all', durationMs: read.value, isBare });
};

/** `[CONVERSATION|USER]`. */
export const optionalTarget: ArgumentReader<MuteTarget> = (rest) =>
  rest.trim() === '' ? right(null) : target(rest);

/** `[on|off]`, by default on. */
export const onOff: ArgumentReader<boolean> = (rest) => {
  const word = rest.trim().toLowerCase();
  if (word === '' || word === 'on') return right(true);
  return word === 'off' ? right(false) : wrong(`${quoted(word)} is not a setting of /dnd.`);
};

function durationOf(word: string): Reading<number> {
  const ms = parseDuration(word);
  if (ms === null)
    return wrong(`${quoted(word)} is neither a level (all, mentions) nor a duration such as 30m, 2h or 1d.`);
  if (ms === 0 || ms > MAX_MS) return wrong(`A duration must be longer than 0 and at most ${MAX_DAYS}d.`);
  return right(ms);
}

function levelOf(word: string): MuteLevel | null {
  const folded = word.toLowerCase();
  return folded === 'all' || folded === 'mentions' ? folded : null;
}

/** The first five words. /mute takes at most three, so five are enough to detect an excess. */
function wordsOf(rest: string): string[] {
  return rest.trim() === '' ? [] : rest.trim().split(/\s+/, 5);
}
