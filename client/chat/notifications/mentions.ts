// Mentions in a text: `@` and one of a person's names as a separate word. Pure.
import { foldName } from '../../../core/protocol/names.js';
import type { Span } from '../../../core/protocol/message/spans.js';

/** A part of a text, in UTF-16 units, end exclusive. */
interface TextRange {
  readonly start: number;
  readonly end: number;
}

// More characters than a name may have: the name must end where a reader sees it end.
const NAME_LIKE = String.raw`[\p{L}\p{N}\p{M}_-]`;
const AT = /[@\uFF20]/;
const AT_NAME = new RegExp(String.raw`(?<!${NAME_LIKE}|[@\uFF20])[@\uFF20](${NAME_LIKE}+)`, 'gu');

/** The mentions of any of `names`, ignoring case; not within links. */
export function mentionsOf(
  text: string,
  spans: readonly Span[],
  names: readonly string[],
): readonly TextRange[] {
  // A cheap test first: most texts have no mention, and the search costs more than the rest of a notification.
  if (!AT.test(text)) return [];
  const folded = new Set(names.map(foldName));
  const links = spans.filter(({ style }) => style === 'HYPERLINK');
  return [...text.matchAll(AT_NAME)].flatMap(({ index, 0: whole, 1: name = '' }) => {
    const end = index + whole.length;
    const isLinked = links.some((link) => link.start < end && index < link.end);
    return isLinked || !folded.has(foldName(name)) ? [] : [{ start: index, end }];
  });
}
