// The fuzzy match of a query and a text: all letters of the query in order, ranked higher where they are adjacent or begin a word. Pure.

/** The points for each letter found, and the extra points if it directly follows the previous letter found or begins a word. */
const FOUND = 1;
const TOGETHER = 4;
const WORD_START = 6;
/** The most points that are subtracted for skipped letters. */
const SKIPPED_MAX = 5;

/** The rank of the match, higher for a better match; null if a letter of `query` is missing. The words of `query` may be in any order. */
export function fit(query: string, text: string): number | null {
  const folded = text.toLowerCase();
  let sum = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    const points = wordFit(word, folded);
    if (points === null) return null;
    sum += points;
  }
  return sum;
}

/** The best points of all positions in `text` where the match may begin; null if a letter is missing. */
function wordFit(word: string, text: string): number | null {
  if (word === '') return 0;
  let best: number | null = null;
  const first = word.charAt(0);
  for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
    const points = fitFrom(start, word, text);
    if (points === null) break;
    best = Math.max(best ?? points, points);
  }
  return best;
}

function fitFrom(start: number, word: string, text: string): number | null {
  let points = -Math.min(SKIPPED_MAX, start);
  let before = start - 1;
  for (let index = 0; index < word.length; index += 1) {
    const at = text.indexOf(word.charAt(index), before + 1);
    if (at < 0) return null;
    const skipped = at - before - 1;
    if (index > 0 && skipped === 0) points += TOGETHER;
    if (isWordStart(at, text)) points += WORD_START;
    points += FOUND - (index === 0 ? 0 : Math.min(SKIPPED_MAX, skipped));
    before = at;
  }
  return points;
}

function isWordStart(at: number, text: string): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}
