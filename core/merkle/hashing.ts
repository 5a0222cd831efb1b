// The hashes of a Merkle tree as RFC 6962 (section 2.1) and RFC 9162 define them: SHA-256, with a prefix that separates leaves from
// inner nodes.
import { hash } from 'node:crypto';
import { invariant } from '../errors.js';

/** 32 bytes. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

const LEAF = 0;
const NODE = 1;

/** The root of the tree without leaves. */
export const EMPTY_ROOT: Hash = sha256(Buffer.of());

export function leafHash(data: Uint8Array): Hash {
  const bytes = Buffer.allocUnsafe(1 + data.length);
  bytes[0] = LEAF;
  bytes.set(data, 1);
  return sha256(bytes);
}

const node = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

export function nodeHash(left: Hash, right: Hash): Hash {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** The root over the leaves or subtrees with these hashes. The number of hashes must be a power of two. */
export function foldOf(hashes: readonly Hash[]): Hash {
  let level = hashes;
  while (level.length > 1) {
    const above: Hash[] = [];
    for (let left = 0; left < level.length; left += 2)
      above.push(nodeHash(at(level, left), at(level, left + 1)));
    level = above;
  }
  return at(level, 0);
}

function at(hashes: readonly Hash[], index: number): Hash {
  const found = hashes[index];
  invariant(found !== undefined, 'a complete subtree has a power of two of leaves');
  return found;
}

// Hashes to hexadecimal digits and decodes them: this takes half the time of asking node:crypto for a buffer.
function sha256(bytes: Uint8Array): Hash {
  return Buffer.from(hash('sha256', bytes, 'hex'), 'hex');
}
