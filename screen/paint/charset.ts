// The characters of the terminal: whether the terminal shows more than ASCII, and the widths of characters measured on the
// terminal.
import { marks } from './marks.js';
import type { Widths } from './widths.js';

export interface Charset {
  /** Writes any text in ASCII; null for a terminal that shows more than ASCII. */
  readonly toAscii: ((text: string) => string) | null;
  readonly widths: Widths;
  /** The columns of marks as measured; a mark that was not measured is absent. */
  readonly marks: ReadonlyMap<string, number>;
}

/** A terminal on which nothing was measured. */
export const unmeasured: Charset = { toAscii: null, widths: {}, marks: new Map() };

/** The text to show instead of a grapheme that the terminal lacks, or of a mark that it shows wider than one column. */
export function shownText(text: string, { toAscii, marks: measured }: Charset): string {
  const mark = marks.get(text);
  if (mark !== undefined && (toAscii !== null || (measured.get(text) ?? 1) !== 1)) return mark;
  if (toAscii === null) return text;
  const ascii = toAscii(text).replaceAll(/[^\u0020-\u007e]/g, '');
  return ascii === '' ? '?' : ascii;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The locale that determines characters, by the rules of POSIX; empty if none is set. */
export function localeOf(env: Environment): string {
  return [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((one) => (one ?? '') !== '') ?? '';
}

/** Whether the locale has UTF-8. Windows sets no locale; its terminals have UTF-8. */
export function hasUtf8(env: Environment, platform: NodeJS.Platform): boolean {
  const locale = localeOf(env);
  return locale === '' ? platform === 'win32' : /utf-?8/i.test(locale);
}
