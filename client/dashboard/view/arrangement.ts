// How windows share the screen: one alone, or parts beside or below each other, each arranged in turn. Windows are counted from
// 0 in the order in which they are read. Pure; it knows no sizes.

export type Split = 'beside' | 'stacked';

export interface Parts {
  readonly split: Split;
  /** Two or more; none is split the same way. */
  readonly parts: readonly Arrangement[];
}

export type Arrangement = 'window' | Parts;

export function windowsIn(arrangement: Arrangement): number {
  if (arrangement === 'window') return 1;
  return arrangement.parts.reduce((sum, part) => sum + windowsIn(part), 0);
}

/** The window `at` shares its place with a new one, which comes next after it. */
export function withWindow(arrangement: Arrangement, at: number, split: Split): Arrangement {
  if (arrangement === 'window') return { split, parts: ['window', 'window'] };
  return changed(arrangement, at, (part, within) => withWindow(part, within, split));
}

/** Those beside or around the window `at` take its place; the last window stays. */
export function withoutWindow(arrangement: Arrangement, at: number): Arrangement {
  if (arrangement === 'window') return arrangement;
  return changed(arrangement, at, (part, within) => (part === 'window' ? null : withoutWindow(part, within)));
}

/** With what `change` makes of the part that window `at` is in; null takes it away. */
function changed(
  { split, parts }: Parts,
  at: number,
  change: (part: Arrangement, within: number) => Arrangement | null,
): Arrangement {
  let first = 0;
  const next = parts.flatMap((part): readonly Arrangement[] => {
    const within = at - first;
    const count = windowsIn(part);
    first += count;
    const made = within >= 0 && within < count ? change(part, within) : part;
    if (made === null) return [];
    return made !== 'window' && made.split === split ? made.parts : [made];
  });
  const [only] = next;
  return next.length === 1 && only !== undefined ? only : { split, parts: next };
}
