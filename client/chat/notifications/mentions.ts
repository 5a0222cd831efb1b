// Mentions in a text: `@` and one of a person's names as a separate word. Pure. docs/explanation/notifications.md has a table of
// where a mention begins and ends.
import { limits } from '../../../core/protocol/limits.js';
import { foldName } from '../../../core/protocol/names.js';
import type { Span } from '../../../core/protocol/message/spans.js';

/** A part of a text, in UTF-16 units, end exclusive. */
interface TextRange {
  readonly start: number;
  readonly end: number;
}

// More characters than a name may have, so that a mention ends where a reader sees the name end.
const NAME_LIKE = String.raw`[\p{L}\p{N}\p{M}_-]`;
const AT = /[@\uFF20]/;
const AT_NAME = new RegExp(String.raw`[@\uFF20](${NAME_LIKE}+)`, 'gu');
/** Before `@`: a letter or digit as in a mail address, another `@`, or the hyphen of a compound word. */
const JOINED_BEFORE = /(?:[\p{L}\p{N}\p{M}_@\uFF20]|[\p{L}\p{N}\p{M}_]-)$/u;
/** After the name: the rest of a domain (`.com`), of a path (`/cli`), or of an address on a server (`@host`). */
const JOINED_AFTER = /^(?:[./][\p{L}\p{N}]|[@\uFF20])/u;
/** The maximum number of UTF-16 units before `@` that `JOINED_BEFORE` reads: two for a letter, and one for a hyphen after it. */
const BEFORE_UNITS = 3;

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
  const mentions: TextRange[] = [];
  let previousEnd = -1;
  for (const { index: start, 0: whole, 1: written = '' } of text.matchAll(AT_NAME)) {
    const runEnd = start + whole.length;
    // `@bob/@alice` mentions both, but `src/@alice` is a path.
    const isInPath = text[start - 1] === '/' && previousEnd !== start - 1;
    previousEnd = runEnd;
    if (isInPath || JOINED_BEFORE.test(text.slice(Math.max(0, start - BEFORE_UNITS), start))) continue;
    if (JOINED_AFTER.test(text.slice(runEnd, runEnd + 3))) continue;
    const name = nameIn(written, folded);
    if (name === null) continue;
    const end = start + 1 + name.length;
    if (!links.some((link) => link.start < end && start < link.end)) mentions.push({ start, end });
  }
  return mentions;
}

/** The name at the start of `written`, if only hyphens used as a dash follow it; null otherwise. */
function nameIn(written: string, folded: ReadonlySet<string>): string | null {
  for (let length = written.length; length > 0; length -= 1) {
    const name = written.slice(0, length);
    if (length <= limits.usernameMaxLength && folded.has(foldName(name))) return name;
    if (!name.endsWith('-')) return null;
  }
  return null;
}
