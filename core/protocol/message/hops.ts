// The hop count of a message: the number of bots that answered one after the other, up to its author. A person's message has 0. The
// count is a leaf of the hash tree that the author signs, so an older terminal stores it and passes it on without reading it.

/** The largest hop count. A bot's answer to a message with this count has the same count. */
export const HOPS_MAX = 8;

/** The leaf: these 31 bytes, then the count. */
const LEAF_HEAD = Buffer.concat([Buffer.from('partyline/hops/v1\0'), Buffer.alloc(13)]);

/** The bytes of a proof before the path: the size of the turn, the index of the message, and the signature. */
const HEAD_BYTES = 66;
const HEAD_CHARACTERS = (HEAD_BYTES * 4) / 3;
const COUNT_AT = HEAD_BYTES + LEAF_HEAD.length;
/** The first 30 bytes of the leaf as they are written in a proof. The last byte of its head shares a character with the count. */
const LEAF_START = LEAF_HEAD.subarray(0, -1).toString('base64url');

/** @param hops 1 to `HOPS_MAX` */
export const hopLeaf = (hops: number): Buffer => Buffer.concat([LEAF_HEAD, Buffer.of(hops)]);

/**
 * The hop count of the message with this proof, 0 to `HOPS_MAX`; 0 for a message without a proof. The caller has verified the proof:
 * the count is the sibling of the message in the tree, so the author signed both.
 */
export function hopsOf(proof: string | null): number {
  if (proof?.startsWith(LEAF_START, HEAD_CHARACTERS) !== true) return 0;
  const bytes = Buffer.from(proof, 'base64url');
  const isLeft = (bytes[1] ?? 1) % 2 === 0;
  return isLeft && bytes[COUNT_AT - 1] === 0 ? Math.min(bytes[COUNT_AT] ?? 0, HOPS_MAX) : 0;
}
