// The results of a message search, one line each: time, conversation, author, and the text around the word. Pure.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { PastMessage } from '../../chat/results.js';
import { timeOf } from '../../../core/time/local-time.js';
import { type Piece, piece } from '../../../screen/paint/style.js';
import { nameStyle, type Theme } from '../../../screen/paint/theme.js';

/** UTF-16 units of the message text that are shown before the word found. */
const BEFORE = 24;

/** @param words the words of the query; the first word that the text contains is highlighted */
export function searchResultPieces(
  found: PastMessage,
  words: readonly string[],
  nowMs: number,
  theme: Theme,
): readonly Piece[] {
  const text = sanitiseLine(found.text);
  const folded = text.toLowerCase();
  const places = words.map((word) => ({ at: folded.indexOf(word.toLowerCase()), length: word.length }));
  const { at, length } = places.find((place) => place.at >= 0) ?? { at: 0, length: 0 };
  const from = at > BEFORE ? at - BEFORE : 0;
  return [
    piece(`${timeOf(found.at, nowMs)} `, theme.faint),
    piece(`${sanitiseLine(found.conversation)} `, theme.heading),
    piece(`${found.from} `, nameStyle(theme, found.from)),
    piece(`${from > 0 ? '…' : ''}${text.slice(from, at).toWellFormed()}`, theme.overlay),
    piece(text.slice(at, at + length), { ...theme.overlay, isBold: true, isUnderlined: true }),
    piece(text.slice(at + length), theme.overlay),
  ];
}
