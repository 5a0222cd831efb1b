// Names that differ only by characters that look the same. Pure; names are ASCII.
import { foldName } from '../../../core/protocol/names.js';
import type { Warning } from '../events.js';

/** What an eye sees of a name in a careless font. */
function seen(name: string): string {
  return name
    .replace(/[I1l|]/g, 'l')
    .replace(/0/g, 'o')
    .replace(/-/g, '_')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** The first of `known` that `name` can be taken for, and is not. */
export function lookAlike(name: string, known: Iterable<string>): string | undefined {
  const [folded, look] = [foldName(name), seen(name)];
  for (const other of known) if (foldName(other) !== folded && seen(other) === look) return other;
  return undefined;
}

export function lookAlikeWarning(peer: string, known: string, at: number): Warning {
  const message = `${peer} is not ${known}, though the names look alike: they are two people.`;
  return { type: 'LookAlike', peer, message, at };
}
