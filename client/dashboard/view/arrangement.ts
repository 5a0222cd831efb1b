// The arrangement of windows as a tree: one window, or parts that are side by side or stacked. Each part is an arrangement
// itself. Windows are numbered from 0 in reading order. Pure. It contains shares of the space, not sizes.

export type Split = 'beside' | 'stacked';

export interface Parts {
  readonly split: Split;
  /** Two or more parts. No part has the same `split` as its parent. */
  readonly parts: readonly Arrangement[];
  /** The share of the space for each part; absent while all shares are equal. */
  readonly shares?: readonly number[];
}

export type Arrangement = 'window' | Parts;

export function windowsIn(arrangement: Arrangement): number {
  if (arrangement === 'window') return 1;
  return arrangement.parts.reduce((sum, part) => sum + windowsIn(part), 0);
}

/**
 * Splits window `at` in two: the window keeps its number, and the new window gets the next number. Each gets half of the share.
 */
export function withWindow(arrangement: Arrangement, at: number, split: Split): Arrangement {
  if (arrangement === 'window') return { split, parts: ['window', 'window'] };
  return changed(arrangement, at, (part, within) => withWindow(part, within, split));
}

/** Removes window `at`, and gives its space to its neighbours. A single window stays. */
export function withoutWindow(arrangement: Arrangement, at: number): Arrangement {
  if (arrangement === 'window') return arrangement;
  return changed(arrangement, at, (part, within) => (part === 'window' ? null : withoutWindow(part, within)));
}

/**
 * Sets the shares of one arrangement within the tree.
 * @param path the index of the part to follow at each level, from the outermost
 */
export function withShares(
  arrangement: Arrangement,
  path: readonly number[],
  shares: readonly number[],
): Arrangement {
  if (arrangement === 'window') return arrangement;
  const [index, ...rest] = path;
  if (index === undefined) return { ...arrangement, shares };
  const parts = arrangement.parts.map((part, at) => (at === index ? withShares(part, rest, shares) : part));
  return { ...arrangement, parts };
}

/** Gives all parts equal shares. */
export function withEqualShares(arrangement: Arrangement): Arrangement {
  if (arrangement === 'window') return arrangement;
  return { split: arrangement.split, parts: arrangement.parts.map(withEqualShares) };
}

interface SharedPart {
  readonly part: Arrangement;
  readonly share: number;
}

/** Replaces the part that contains window `at` with the result of `change`. Removes the part if the result is null. */
function changed(
  { split, parts, shares }: Parts,
  at: number,
  change: (part: Arrangement, within: number) => Arrangement | null,
): Arrangement {
  let first = 0;
  const next = parts.flatMap((part, index): readonly SharedPart[] => {
    const share = shares?.[index] ?? 1;
    const within = at - first;
    const count = windowsIn(part);
    first += count;
    const made = within >= 0 && within < count ? change(part, within) : part;
    if (made === null) return [];
    return made !== 'window' && made.split === split ? flattened(made, share) : [{ part: made, share }];
  });
  const [only] = next;
  if (next.length === 1 && only !== undefined) return only.part;
  const made = { split, parts: next.map(({ part }) => part) };
  return shares === undefined ? made : { ...made, shares: next.map(({ share }) => share) };
}

/** The parts with their shares, scaled to the sum `share`. */
function flattened({ parts, shares }: Parts, share: number): readonly SharedPart[] {
  const own = shares ?? parts.map(() => 1);
  const sum = own.reduce((total, one) => total + one, 0);
  return parts.map((part, index) => ({ part, share: (share * (own[index] ?? 1)) / sum }));
}
