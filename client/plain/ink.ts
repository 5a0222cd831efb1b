// What a line looks like on a terminal, by kind; elsewhere, nothing but its text. Knows no event.
import { foldName } from '../../core/protocol/names.js';

/** The kinds of line: each has its colour. */
export type Kind = 'own' | 'room' | 'private' | 'mention' | 'notice' | 'system' | 'error';

export interface Ink {
  /** What is there for orientation: times and continuation marks. */
  faint(text: string): string;
  kind(kind: Kind, text: string): string;
  /** A username, in a colour of its own that is the same on every terminal. */
  name(username: string): string;
  styled(text: string, style: { readonly isBold: boolean; readonly isItalic: boolean }): string;
}

const KIND_COLOURS: { readonly [K in Kind]: number } = {
  own: 32,
  room: 36,
  private: 35,
  mention: 33,
  notice: 90,
  system: 34,
  error: 31,
};
/** Readable on dark and on light; without red, which is for errors. */
const NAME_COLOURS = [32, 33, 34, 35, 36, 92, 94, 95, 96] as const;

/** @param features of the terminal; nothing without either */
export function inkFor({ hasColour, hasStyles }: { hasColour: boolean; hasStyles: boolean }): Ink {
  const coloured = (colour: number, text: string): string =>
    hasColour ? `\u001b[${colour}m${text}\u001b[39m` : text;
  return {
    faint: (text) => coloured(90, text),
    kind: (kind, text) => coloured(KIND_COLOURS[kind], text),
    name: (username) => coloured(colourOf(username), username),
    styled(text, { isBold, isItalic }) {
      const italic = hasStyles && isItalic ? `\u001b[3m${text}\u001b[23m` : text;
      return hasStyles && isBold ? `\u001b[1m${italic}\u001b[22m` : italic;
    },
  };
}

function colourOf(username: string): number {
  let hash = 0;
  for (const character of foldName(username)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return NAME_COLOURS[hash % NAME_COLOURS.length] ?? NAME_COLOURS[0];
}
