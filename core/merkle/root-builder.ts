// The root of a Merkle tree (RFC 9162, section 2.1) whose leaves come one after another. It keeps one hash for each level.
import { EMPTY_ROOT, type Hash, nodeHash } from './hashing.js';

export interface RootBuilder {
  /** Adds the hash of the next leaf. */
  add(leaf: Hash): void;
  /** The root over all leaves so far. */
  root(): Hash;
}

export function createRootBuilder(): RootBuilder {
  /** Complete subtrees from left to right, each smaller than the one before. */
  const subtrees: { readonly level: number; readonly hash: Hash }[] = [];

  return {
    add(leaf) {
      let subtree = { level: 0, hash: leaf };
      for (let left = subtrees.at(-1); left?.level === subtree.level; left = subtrees.at(-1)) {
        subtrees.pop();
        subtree = { level: subtree.level + 1, hash: nodeHash(left.hash, subtree.hash) };
      }
      subtrees.push(subtree);
    },
    root() {
      const [last, ...others] = subtrees.toReversed();
      if (last === undefined) return EMPTY_ROOT;
      return others.reduce((hash, left) => nodeHash(left.hash, hash), last.hash);
    },
  };
}
