// What Tab does with the word before the cursor: completes what is common, then goes through what there is. Pure.
import type { Chat } from '../chat/port.js';
import { complete } from '../words/completion.js';
import { type Draft, textBefore } from './editor/draft.js';
import { graphemesOf } from './paint/grapheme.js';
import type { Person } from './view/sidebar.js';

export interface Offers {
  readonly hits: readonly string[];
  /** Which of them stands in the line; null while only what they have in common does. */
  readonly chosen: number | null;
  /** What takes the place of how many graphemes before the cursor. */
  readonly replacement: { readonly count: number; readonly text: string } | null;
  /** What is to be chosen from, in a line. */
  readonly told: string;
}

/** @param before what the key offered when it was pressed just before; null for the first time */
export function offersFor(
  before: Offers | null,
  draft: Draft,
  known: { readonly chat: Pick<Chat, 'conversations'>; readonly people: readonly Person[] },
): Offers {
  if (before !== null && before.hits.length > 1) return next(before);
  const { conversations } = known.chat;
  const people = known.people.map(({ username }) => username);
  const { hits, word } = complete(textBefore(draft), { people, rooms: [], conversations });
  const common = commonStart(hits);
  const isLonger = common.length > word.length;
  return {
    hits,
    chosen: null,
    replacement: isLonger ? { count: graphemesOf(word).length, text: common } : null,
    told: hits.length > 1 ? hits.join('  ') : hits.length === 0 ? 'Nothing begins like that.' : '',
  };
}

function next({ hits, chosen, replacement, told }: Offers): Offers {
  const at = chosen === null ? 0 : (chosen + 1) % hits.length;
  const text = hits[at] ?? '';
  const standing = chosen === null ? (replacement?.text ?? commonStart(hits)) : (hits[chosen] ?? '');
  return { hits, chosen: at, replacement: { count: graphemesOf(standing).length, text }, told };
}

function commonStart([first = '', ...rest]: readonly string[]): string {
  let { length } = first;
  while (rest.some((one) => !one.toLowerCase().startsWith(first.slice(0, length).toLowerCase()))) length -= 1;
  return first.slice(0, length);
}
