// The hashes of a Merkle tree as RFC 6962 (section 2.1) and RFC 9162 define them: SHA-256, with a prefix that separates leaves from
// inner nodes.
import { hash } from 'node:crypto';
import { invariant } from '../errors.js';

/** 32 bytes. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The root of the tree without leaves. */
export const EMPTY_ROOT: Hash = sha256();

export const leafHash = (data: Uint8Array): Hash => sha256(LEAF, data);

export const nodeHash = (left: Hash, right: Hash): Hash => sha256(NODE, left, right);

/** The root over the leaves or subtrees with these hashes, whose number must be a power of two. */
export function foldOf(hashes: readonly Hash[]): Hash {
  const [first, ...others] = hashes;
  invariant(first !== undefined, 'a complete subtree has leaves');
  if (others.length === 0) return first;
  const middle = hashes.length / 2;
  return nodeHash(foldOf(hashes.slice(0, middle)), foldOf(hashes.slice(middle)));
}

function sha256(...parts: readonly Uint8Array[]): Hash {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
