// Roots and proofs of a Merkle tree (RFC 9162, section 2.1), computed from the hashes of its complete subtrees. Leaves are counted
// from 0; sizes are numbers of leaves.
import { EMPTY_ROOT, type Hash, nodeHash } from './hashing.js';

export interface Subtrees {
  /** The root of the complete subtree over the leaves from `index · 2^level` to `(index + 1) · 2^level - 1`. */
  root(level: number, index: number): Promise<Hash>;
}

/** The root of the tree of the first `size` leaves. */
export const rootOf = async (subtrees: Subtrees, size: number): Promise<Hash> =>
  size === 0 ? EMPTY_ROOT : rangeRoot(subtrees, 0, size);

/** The path that proves the leaf at `index` in the tree of `size` leaves, from the leaf up. `index` must be below `size`. */
export async function inclusionPath(
  subtrees: Subtrees,
  index: number,
  size: number,
): Promise<readonly Hash[]> {
  const path: Hash[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + leftSize(to - from);
    if (index < middle) {
      path.push(await rangeRoot(subtrees, middle, to));
      to = middle;
    } else {
      path.push(await rangeRoot(subtrees, from, middle));
      from = middle;
    }
  }
  return path.toReversed();
}

/**
 * The path that proves that the tree of `size` leaves begins with the tree of `earlier` leaves. Empty if `earlier` is 0 or equals
 * `size`; `earlier` must not be above `size`.
 */
export async function consistencyPath(
  subtrees: Subtrees,
  earlier: number,
  size: number,
): Promise<readonly Hash[]> {
  if (earlier === 0 || earlier === size) return [];
  const path: Hash[] = [];
  let from = 0;
  let to = size;
  while (earlier !== to) {
    const middle = from + leftSize(to - from);
    if (earlier <= middle) {
      path.push(await rangeRoot(subtrees, middle, to));
      to = middle;
    } else {
      path.push(await rangeRoot(subtrees, from, middle));
      from = middle;
    }
  }
  // The verifier has the root of the earlier tree. It needs the root of that tree's last complete subtree only if that tree
  // consists of several complete subtrees.
  if (from !== 0) path.push(await rangeRoot(subtrees, from, to));
  return path.toReversed();
}

/**
 * The root over the leaves from `from` to `to - 1`. `from` must be a multiple of `leftSize(to - from)`, the size of the left
 * subtree.
 */
async function rangeRoot(subtrees: Subtrees, from: number, to: number): Promise<Hash> {
  const size = to - from;
  const level = Math.log2(size);
  if (Number.isInteger(level)) return subtrees.root(level, from / size);
  const middle = from + leftSize(size);
  return nodeHash(await rangeRoot(subtrees, from, middle), await rangeRoot(subtrees, middle, to));
}

/**
 * The number of leaves in the left subtree of a tree of `size` leaves: the largest power of two below `size`. `size` must be at
 * least 2.
 */
const leftSize = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));
