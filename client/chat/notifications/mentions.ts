// Where a text mentions somebody: `@` and one of their names, as a word of its own. Pure.
import { foldName } from '../../../core/protocol/names.js';
import type { Span } from '../../../core/protocol/message/spans.js';

/** A stretch of a text, in UTF-16 units, end exclusive. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

// More than a name may have, so that a name ends where a reader sees it end.
const NAME_LIKE = String.raw`[\p{L}\p{N}\p{M}_-]`;
const AT = /[@\uFF20]/;
const AT_NAME = new RegExp(String.raw`(?<!${NAME_LIKE}|[@\uFF20])[@\uFF20](${NAME_LIKE}+)`, 'gu');

/** The mentions of whoever has one of `names`, without regard to case; none inside of an address. */
export function mentionsOf(
  text: string,
  spans: readonly Span[],
  names: readonly string[],
): readonly Stretch[] {
  // Most texts have none, and looking closely takes longer than the rest of what is done to tell of a message.
  if (!AT.test(text)) return [];
  const folded = new Set(names.map(foldName));
  const links = spans.filter(({ style }) => style === 'HYPERLINK');
  return [...text.matchAll(AT_NAME)].flatMap(({ index, 0: whole, 1: name = '' }) => {
    const end = index + whole.length;
    const isLinked = links.some((link) => link.start < end && index < link.end);
    return isLinked || !folded.has(foldName(name)) ? [] : [{ start: index, end }];
  });
}
