// The results of a message search, one line each: time, conversation, author, and the text around the word. Pure.
import { z } from 'zod';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Json } from '../../../core/json.js';
import { timeOf } from '../../../core/time/local-time.js';
import { type Piece, piece } from '../paint/style.js';
import { nameStyle, type Theme } from '../paint/theme.js';

const text = z.string().transform(sanitiseLine);
const foundSchema = z.object({
  messages: z.array(
    z.object({
      id: z.string(),
      conversation: z.templateLiteral([z.enum(['#', '@']), z.string()]),
      from: text,
      text,
      at: z.iso.datetime().transform((at) => Date.parse(at)),
    }),
  ),
});
export type SearchResult = z.infer<typeof foundSchema>['messages'][number];

/** UTF-16 units of the text that are shown before the word. */
const BEFORE = 24;

/** The messages in the answer to a search, the latest first. */
export function searchResultsIn(data: Json | undefined): readonly SearchResult[] {
  const read = foundSchema.safeParse(data);
  return read.success ? read.data.messages.toReversed() : [];
}

/** @param words the query; the first of them that the text contains is highlighted */
export function searchResultPieces(
  results: SearchResult,
  words: readonly string[],
  nowMs: number,
  theme: Theme,
): readonly Piece[] {
  const folded = results.text.toLowerCase();
  const places = words.map((word) => ({ at: folded.indexOf(word.toLowerCase()), length: word.length }));
  const { at, length } = places.find((place) => place.at >= 0) ?? { at: 0, length: 0 };
  const from = at > BEFORE ? at - BEFORE : 0;
  return [
    piece(`${timeOf(results.at, nowMs)} `, theme.faint),
    piece(`${sanitiseLine(results.conversation)} `, theme.heading),
    piece(`${results.from} `, nameStyle(theme, results.from)),
    piece(`${from > 0 ? '…' : ''}${results.text.slice(from, at).toWellFormed()}`, theme.overlay),
    piece(results.text.slice(at, at + length), { ...theme.overlay, isBold: true, isUnderlined: true }),
    piece(results.text.slice(at + length), theme.overlay),
  ];
}
