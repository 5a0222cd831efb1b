// The verification of Merkle proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2). It needs no tree. Every value may come from outside.
import { EMPTY_ROOT, type Hash, HASH_BYTES, nodeHash } from './hashing.js';

export interface InclusionClaim {
  /** The hash of the leaf. */
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly root: Hash;
  /** From the leaf up. */
  readonly path: readonly Hash[];
}

/** Whether the path proves that the tree with this size and root has the leaf at `index`. */
export function isIncluded({ leaf, index, size, root, path }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, ...path].every(isHash)) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && hash.equals(root);
}

/** The size and root of a tree. */
export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

/** Whether the path proves that the later tree begins with all leaves of the earlier tree. */
export function isConsistent(earlier: TreeHead, later: TreeHead, path: readonly Hash[]): boolean {
  if (!isCount(earlier.size) || !isCount(later.size) || earlier.size > later.size) return false;
  if (![earlier.root, ...path].every(isHash)) return false;
  if (earlier.size === later.size) return path.length === 0 && earlier.root.equals(later.root);
  if (earlier.size === 0) return path.length === 0 && earlier.root.equals(EMPTY_ROOT);
  const [start, ...rest] = Number.isInteger(Math.log2(earlier.size)) ? [earlier.root, ...path] : path;
  if (start === undefined) return false;
  let place = earlier.size - 1;
  let last = later.size - 1;
  while (isOdd(place)) {
    place = half(place);
    last = half(last);
  }
  let earlierHash = start;
  let laterHash = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      earlierHash = nodeHash(sibling, earlierHash);
      laterHash = nodeHash(sibling, laterHash);
      while (!isOdd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else {
      laterHash = nodeHash(laterHash, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && earlierHash.equals(earlier.root) && laterHash.equals(later.root);
}

const isHash = (value: Hash): boolean => value.length === HASH_BYTES;
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
// Sizes may exceed 32 bits, so bit operations cannot be used.
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
