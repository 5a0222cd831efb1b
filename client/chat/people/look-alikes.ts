// Names that differ only in characters that look the same. Pure; names are ASCII.
import { foldName } from '../../../core/protocol/names.js';

/** The shape of a name: equal for names that look the same in many fonts. */
function shapeOf(name: string): string {
  return name
    .replace(/[I1l|]/g, 'l')
    .replace(/0/g, 'o')
    .replace(/-/g, '_')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** The first of `known` that looks like `name` but is another name. */
export function lookAlike(name: string, known: Iterable<string>): string | undefined {
  const [folded, look] = [foldName(name), shapeOf(name)];
  for (const other of known) if (foldName(other) !== folded && shapeOf(other) === look) return other;
  return undefined;
}
