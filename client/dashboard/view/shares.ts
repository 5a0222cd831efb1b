// The division of cells by shares, and the move of a border between two parts. Pure.

/** The cells of each part. Each part gets at least its minimum, if the total suffices for all minimums. */
export function dividedSizes(
  total: number,
  shares: readonly number[],
  least: readonly number[],
): readonly number[] {
  const sizes = inProportion(total, shares);
  const needed = least.reduce((sum, size) => sum + size, 0);
  const isEnough = sizes.every((size, index) => size >= (least[index] ?? 0));
  if (isEnough || needed > total) return sizes;
  const wanted = sizes.map((size, index) => Math.max(0, size - (least[index] ?? 0)));
  const spare = inProportion(total - needed, wanted);
  return least.map((size, index) => size + (spare[index] ?? 0));
}

/**
 * The sizes after moving the border behind part `index` by `cells`. The border moves only as far as both neighbours keep their
 * minimum.
 */
export function movedBorder(
  {
    sizes,
    least,
    index,
  }: { readonly sizes: readonly number[]; readonly least: readonly number[]; readonly index: number },
  cells: number,
): readonly number[] {
  const room = (at: number): number => (sizes[at] ?? 0) - (least[at] ?? 0);
  const by = Math.max(-room(index), Math.min(room(index + 1), cells));
  return sizes.map((size, at) => (at === index ? size + by : at === index + 1 ? size - by : size));
}

function inProportion(total: number, shares: readonly number[]): readonly number[] {
  const sum = shares.reduce((all, share) => all + share, 0);
  if (sum === 0)
    return inProportion(
      total,
      shares.map(() => 1),
    );
  let [share, before] = [0, 0];
  return shares.map((own) => {
    share += own;
    const end = Math.floor((total * share) / sum + 1e-9);
    const size = end - before;
    before = end;
    return size;
  });
}
