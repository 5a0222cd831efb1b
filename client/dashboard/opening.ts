// What is seen until the profile is open: whose program this is, and that it has begun. Pure.
import { columnsOf } from './paint/grapheme.js';
import { padded, rowOf } from './paint/row.js';
import { type Piece, piece } from './paint/style.js';
import { paintAll } from './overlay/overlay.js';
import type { Composition } from './surface.js';
import type { Theme } from './theme.js';

export function openingPicture(columns: number, rows: number, theme: Theme): Composition {
  const words: readonly Piece[] = [
    piece('Partyline', theme.heading),
    piece('◌ opening your profile', theme.faint),
  ];
  const middle = Math.max(0, Math.floor((rows - words.length) / 2));
  const painted = Array.from({ length: rows }, (_, y) => {
    const word = words[y - middle] ?? piece('', theme.text);
    const indent = ' '.repeat(Math.max(0, Math.floor((columns - columnsOf(word.text)) / 2)));
    return padded(rowOf([piece(indent, theme.text), word]), columns, theme.text);
  });
  return { panes: [{ place: { x: 0, y: 0, columns, rows }, paint: paintAll(painted) }], cursor: null };
}
