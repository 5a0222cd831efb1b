// What a line looks like on a terminal, by kind; elsewhere, nothing but its text. Knows no event.
import { foldName } from '../../core/protocol/names.js';

/** The kinds of line: each has its colour. */
export type Kind = 'own' | 'room' | 'private' | 'mention' | 'notification' | 'notice' | 'system' | 'error';

export interface Ink {
  /** What is there for orientation: times and continuation marks. */
  faint(text: string): string;
  kind(kind: Kind, text: string): string;
  /** A username, in a colour of its own that is the same on every terminal. */
  name(username: string): string;
  styled(text: string, style: { readonly isBold: boolean; readonly isItalic: boolean }): string;
}

type Paint = (text: string) => string;

const sgr =
  (begin: number, end: number): Paint =>
  (text) =>
    `\u001b[${begin}m${text}\u001b[${end}m`;
const bold = sgr(1, 22);
const dim = sgr(2, 22);
const italic = sgr(3, 23);
const colour = (code: number): Paint => sgr(code, 39);

/**
 * Of the sixteen colours the six plain ones, which palettes keep readable on their own background, dark or light; the
 * bright ones and the greys vanish on one of the two. What matters less is dimmed.
 */
const KIND_PAINTS: { readonly [K in Kind]: Paint } = {
  own: colour(32),
  room: colour(36),
  private: colour(35),
  mention: (text) => bold(colour(33)(text)),
  notification: colour(33),
  notice: dim,
  system: colour(34),
  error: colour(31),
};
/** Without red, which is for errors, and yellow, which is for what concerns the user. */
const NAME_PAINTS = [32, 34, 35, 36].map(colour);

const BARE: Ink = {
  faint: (text) => text,
  kind: (_kind, text) => text,
  name: (username) => username,
  styled: (text) => text,
};

const PAINTED: Ink = {
  faint: dim,
  kind: (kind, text) => KIND_PAINTS[kind](text),
  name: (username) => paintOf(username)(username),
  styled(text, { isBold, isItalic }) {
    const leaning = isItalic ? italic(text) : text;
    return isBold ? bold(leaning) : leaning;
  },
};

/** Without escape sequences unless the terminal takes them and its user wants them. */
export function inkFor(isPainted: boolean): Ink {
  return isPainted ? PAINTED : BARE;
}

function paintOf(username: string): Paint {
  let hash = 0;
  for (const character of foldName(username)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return NAME_PAINTS[hash % NAME_PAINTS.length] ?? colour(36);
}
