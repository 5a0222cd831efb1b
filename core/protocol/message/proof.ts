// Proof of a message's author. It stays valid no matter who passes the message on. A turn is the messages that a device commits
// at once in one conversation; the device signs once for a turn. Each message carries its path in the hash tree of the turn. The
// format is final: docs/reference/message-format.md.
import { hash as digestOf } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { invariant } from '../../errors.js';
import { isSignedBy } from '../../keys.js';
import { hopLeaf } from './hops.js';
import type { Message } from './message.js';
import type { Span } from './spans.js';

/** The maximum number of leaves under one signature. A message has one leaf, and a second one if it has a hop count. */
export const TURN_MAX_LEAVES = 64;

const SIGNATURE_BYTES = 64;
const HASH_BYTES = 32;
const HEAD_BYTES = 2 + SIGNATURE_BYTES;
/** The path in a tree of 64 leaves has six steps. */
const PATH_MAX_HASHES = 6;
const PROOF_MAX_BYTES = HEAD_BYTES + PATH_MAX_HASHES * HASH_BYTES;

/**
 * Base64url of: the number of leaves in the turn, the index of the message's leaf, the signature, and the hashes of the path from
 * the leaf up.
 */
export const proofSchema = z
  .string()
  .max(Math.ceil((PROOF_MAX_BYTES * 4) / 3))
  .regex(/^(?:[\w-]{4})*(?:[\w-]{2,3})?$/)
  .brand<'Proof'>();
export type Proof = z.infer<typeof proofSchema>;

/** Signs with a device's key; 64 bytes. */
export type Sign = (data: Uint8Array) => Buffer;

/** The digest of the whole message. Two messages with the same id and any difference have different digests. */
export function messageDigest(message: Message): Buffer {
  const { conversation, account, device, seq, hlc, roster, text, spans } = message;
  const body = JSON.stringify([conversation, account, device, seq, hlc, roster, text, spans.map(spanParts)]);
  return digestOf('sha256', `\0partyline/message/v1\0${body}`, 'buffer');
}

/**
 * Returns the proofs of messages that one device sent in one turn, in their order, under one signature. All must have
 * the same conversation and roster: a proof reveals hashes of neighbouring messages, which other readers must not see.
 *
 * @param hopsAt the hop count of the message at an index, 0 to `HOPS_MAX`
 */
export function proveTurn(
  messages: readonly Message[],
  sign: Sign,
  hopsAt: (index: number) => number = () => 0,
): readonly Proof[] {
  const places = messages.map((_, index) => ({ index, hops: hopsAt(index) }));
  // Messages with a hop count come first: each then has an even index, and its hop leaf is its sibling.
  const ordered = [...places.filter(({ hops }) => hops > 0), ...places.filter(({ hops }) => hops === 0)];
  const leaves: Buffer[] = [];
  const leafAt = new Map<number, number>();
  for (const { index, hops } of ordered) {
    const message = messages[index];
    invariant(message !== undefined, 'every place has a message');
    leafAt.set(index, leaves.length);
    leaves.push(messageDigest(message), ...(hops > 0 ? [hopLeaf(hops)] : []));
  }
  const size = leaves.length;
  invariant(size >= 1 && size <= TURN_MAX_LEAVES, 'a turn must have 1 to 64 leaves');
  const { root, ways } = treeOf(leaves);
  const signature = sign(signedText(root));
  return messages.map((_, index) => {
    const leaf = leafAt.get(index) ?? 0;
    const bytes = Buffer.concat([Buffer.from([size, leaf]), signature, ...(ways[leaf] ?? [])]);
    return proofSchema.parse(bytes.toString('base64url'));
  });
}

/** The number of leaves of a message with this hop count. */
export const leavesOf = (hops: number): number => (hops > 0 ? 2 : 1);

/** Whether the holder of `publicKey` (32 bytes) signed exactly this message. Never throws. */
export type ProofCheck = (message: Message, proof: Proof, publicKey: Uint8Array) => boolean;

/** The latest signatures that one check remembers. */
const REMEMBERED_SIGNATURES = 256;

/** Creates a check that verifies the signature of a turn only once, as long as the turn is among the latest. */
export function createProofCheck(): ProofCheck {
  const verified = new LRUCache<string, boolean>({ max: REMEMBERED_SIGNATURES });
  return (message, proof, publicKey) => {
    const bytes = Buffer.from(proof, 'base64url');
    const [size = 0, index = 0] = bytes;
    const path = hashesIn(bytes.subarray(HEAD_BYTES));
    if (bytes.length < HEAD_BYTES || size > TURN_MAX_LEAVES || index >= size || path === null) return false;
    const root = climb(messageDigest(message), index, size, path);
    if (root === null) return false;
    const signature = bytes.subarray(2, HEAD_BYTES);
    const key = Buffer.concat([publicKey, root, signature]).toString('base64');
    const isSigned = verified.get(key) ?? isSignedBy(publicKey, signedText(root), signature);
    verified.set(key, isSigned);
    return isSigned;
  };
}

const spanParts = (span: Span) =>
  span.style === 'HYPERLINK'
    ? [span.style, span.start, span.end, span.url]
    : [span.style, span.start, span.end];

const signedText = (root: Buffer): Buffer => Buffer.concat([Buffer.from('partyline/turn/v1\0'), root]);

// Leaves and nodes are hashed with different prefix bytes, so that one cannot be taken for the other (RFC 9162, 2.1.1).
const node = (left: Buffer, right: Buffer): Buffer =>
  digestOf('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer');

/** The number of leaves in the left subtree of a tree of `size` leaves: the largest power of two below `size`. */
const parting = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

interface Tree {
  readonly root: Buffer;
  /** The path of each leaf, from the leaf up. */
  readonly ways: readonly (readonly Buffer[])[];
}

function treeOf(leaves: readonly Buffer[]): Tree {
  const [first] = leaves;
  invariant(first !== undefined, 'a tree must have a leaf');
  if (leaves.length === 1) return { root: first, ways: [[]] };
  const k = parting(leaves.length);
  const [left, right] = [treeOf(leaves.slice(0, k)), treeOf(leaves.slice(k))];
  const beside = ({ ways }: Tree, other: Tree) => ways.map((way) => [...way, other.root]);
  return { root: node(left.root, right.root), ways: [...beside(left, right), ...beside(right, left)] };
}

/** Returns the root above a leaf, or null if the path has the wrong length. */
function climb(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  if (size === 1) return path.length === 0 ? leaf : null;
  const sibling = path.at(-1);
  if (sibling === undefined) return null;
  const k = parting(size);
  const isLeft = index < k;
  const own = climb(leaf, isLeft ? index : index - k, isLeft ? k : size - k, path.slice(0, -1));
  if (own === null) return null;
  return isLeft ? node(own, sibling) : node(sibling, own);
}

function hashesIn(bytes: Buffer): readonly Buffer[] | null {
  if (bytes.length % HASH_BYTES !== 0) return null;
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}
