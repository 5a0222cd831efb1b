// The styles of a line by its kind: colours on a terminal, bare text elsewhere. Reads no events.
import { foldName } from '../../core/protocol/names.js';

/** The kinds of line. Each has its own colour. */
export type Kind = 'own' | 'room' | 'private' | 'mention' | 'notification' | 'notice' | 'system' | 'error';

export interface Ink {
  /** Times and continuation marks. */
  faint(text: string): string;
  kind(kind: Kind, text: string): string;
  /** A username, in a colour derived from the name: it is the same on every terminal. */
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
 * Only the six plain colours of the sixteen: palettes keep them readable on dark and light backgrounds. Bright colours and
 * greys are unreadable on one of the two. Less important lines are dimmed.
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
/** Red is left out because it marks errors, and yellow because it marks mentions and notifications. */
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

/** @param isPainted whether the terminal supports escape sequences and its user wants colour */
export function inkFor(isPainted: boolean): Ink {
  return isPainted ? PAINTED : BARE;
}

function paintOf(username: string): Paint {
  let hash = 0;
  for (const character of foldName(username)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return NAME_PAINTS[hash % NAME_PAINTS.length] ?? colour(36);
}
