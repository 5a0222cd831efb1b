// The arrangement of windows: one window, or parts side by side or stacked, each of which is an arrangement. Windows are numbered
// from 0 in reading order. Pure. It contains no sizes.

export type Split = 'beside' | 'stacked';

export interface Parts {
  readonly split: Split;
  /** Two or more. No part has the same split. */
  readonly parts: readonly Arrangement[];
}

export type Arrangement = 'window' | Parts;

export function windowsIn(arrangement: Arrangement): number {
  if (arrangement === 'window') return 1;
  return arrangement.parts.reduce((sum, part) => sum + windowsIn(part), 0);
}

/** Splits window `at` into itself and a new window, which is the next number. */
export function withWindow(arrangement: Arrangement, at: number, split: Split): Arrangement {
  if (arrangement === 'window') return { split, parts: ['window', 'window'] };
  return changed(arrangement, at, (part, within) => withWindow(part, within, split));
}

/** Removes window `at`, and gives its space to its neighbours. A single window stays. */
export function withoutWindow(arrangement: Arrangement, at: number): Arrangement {
  if (arrangement === 'window') return arrangement;
  return changed(arrangement, at, (part, within) => (part === 'window' ? null : withoutWindow(part, within)));
}

/** Replaces the part that contains window `at` with the result of `change`, or removes it if that is null. */
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
