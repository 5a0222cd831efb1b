// The search for the name that a mistyped word means. Pure.
import { distance } from 'fastest-levenshtein';

/** The minimum number of characters from which a name is completed. */
const BEGINNING_MIN = 3;

/** The name that `typed` begins, or else the one that it becomes with few mistakes. Undefined if no name is near. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  return begunBy(typed, names) ?? nearTo(typed, names);
}

/** The shortest name that begins with `typed`. */
export function begunBy(typed: string, names: readonly string[]): string | undefined {
  if (typed.length < BEGINNING_MIN) return undefined;
  return names.filter((one) => one.startsWith(typed)).toSorted((one, other) => one.length - other.length)[0];
}

/** The name that `typed` becomes with one mistake, or with two if it is long. */
function nearTo(typed: string, names: readonly string[]): string | undefined {
  const mistakesMax = typed.length < BEGINNING_MIN ? 0 : typed.length < 6 ? 1 : 2;
  const [nearest] = names
    .map((name) => ({ name, mistakes: mistakesBetween(typed, name) }))
    .filter(({ mistakes }) => mistakes <= mistakesMax)
    .toSorted((one, other) => one.mistakes - other.mistakes);
  return nearest?.name;
}

/** Letters to insert, remove or replace. Two neighbouring letters in the wrong order count as one mistake. */
function mistakesBetween(typed: string, name: string): number {
  const swapped = Array.from({ length: Math.max(0, typed.length - 1) }, (_, at) =>
    distance(typed.slice(0, at) + typed.charAt(at + 1) + typed.charAt(at) + typed.slice(at + 2), name),
  );
  return Math.min(distance(typed, name), ...swapped.map((others) => others + 1));
}
