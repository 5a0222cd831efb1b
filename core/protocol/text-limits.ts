// The limits on each text that people write, and the check of a text against them. Names of accounts and rooms have an
// alphabet of their own (names.ts).
import { limits } from './limits.js';
import { isVisible } from './message/visible.js';

interface TextLimit {
  /** The kind of text, as the subject of a sentence. */
  readonly subject: string;
  /** Graphemes, as a reader counts them; null if there is no limit. */
  readonly maxCharacters: number | null;
  /** UTF-8 bytes. */
  readonly maxBytes: number;
  /** Whether the text may be empty: an empty topic removes the topic, and an empty reason means that none is given. */
  readonly mayBeEmpty: boolean;
}

const lineLimit = (subject: string, maxCharacters: number): TextLimit => ({
  subject,
  maxCharacters,
  maxBytes: limits.lineMaxBytes,
  mayBeEmpty: true,
});

/** LIMITS.md lists the same limits. */
export const textLimits = {
  message: {
    subject: 'message',
    maxCharacters: null,
    maxBytes: limits.messageMaxBytes,
    mayBeEmpty: false,
  },
  topic: lineLimit('topic', limits.topicMaxLength),
  reason: lineLimit('reason', limits.reasonMaxLength),
} as const satisfies Readonly<Record<string, TextLimit>>;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Returns the fault of a sanitised text of that kind, as a sentence; null if it has none. */
export function textFault(kind: keyof typeof textLimits, text: string): string | null {
  const { subject, maxCharacters, maxBytes, mayBeEmpty }: TextLimit = textLimits[kind];
  if (text === '' && mayBeEmpty) return null;
  if (!isVisible(text)) return showsNothing(subject);
  const isLong =
    Buffer.byteLength(text) > maxBytes || (maxCharacters !== null && countCharacters(text) > maxCharacters);
  return isLong ? `The ${subject} is longer than ${sizeWords(maxCharacters, maxBytes)}.` : null;
}

const showsNothing = (subject: string): string =>
  `The ${subject} shows nothing: it has no visible character.`;

export const MESSAGE_SHOWS_NOTHING = showsNothing('message');

function sizeWords(maxCharacters: number | null, maxBytes: number): string {
  const bytes = `${maxBytes.toLocaleString('en')} bytes`;
  return maxCharacters === null ? bytes : `${maxCharacters} characters or ${bytes}`;
}

/** Returns the fault in the length of a new password, as a sentence; null if it has none. */
export function passwordLengthFault(password: string): string | null {
  const bytes = Buffer.byteLength(password);
  if (bytes > limits.passwordMaxBytes) {
    return `The password has ${bytes} bytes; use at most ${limits.passwordMaxBytes} (an accented letter takes two or more).`;
  }
  return countCharacters(password) < limits.passwordMinLength ? PASSWORD_TOO_SHORT : null;
}

export const PASSWORD_TOO_SHORT = `The password is too short: it needs at least ${limits.passwordMinLength} characters.`;

/** Counts graphemes. The caller limits the bytes, because the time grows faster than the length of the text. */
export function countCharacters(text: string): number {
  return Array.from(segmenter.segment(text)).length;
}

/** Returns the first `max` graphemes of `text`. */
export function firstCharacters(text: string, max: number): string {
  const graphemes = Array.from(segmenter.segment(text.slice(0, max * UNITS_PER_CHARACTER).toWellFormed()));
  return graphemes
    .slice(0, max)
    .map(({ segment }) => segment)
    .join('');
}

/** The UTF-16 units read for one grapheme of a name. The longest emoji sequences have about 25. */
const UNITS_PER_CHARACTER = 32;
