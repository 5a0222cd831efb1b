// Merkle roots and proofs, compared with an implementation written from the recursive definitions of RFC 9162, section 2.1.
import { createHash } from 'node:crypto';
import test from 'ava';
import * as fc from 'fast-check';
import { type Hash, leafHash, nodeHash } from '../../../core/merkle/hashing.js';
import { isConsistent, isIncluded } from '../../../core/merkle/proof.js';
import { consistencyPath, inclusionPath, rootOf, type Subtrees } from '../../../core/merkle/tree.js';

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

type Leaves = readonly Buffer[];

/** k of the RFC: the largest power of two smaller than the number of leaves. */
function split(leaves: Leaves): readonly [Leaves, Leaves] {
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return [leaves.slice(0, k), leaves.slice(k)];
}

/** MTH of the RFC. */
function definedRoot(leaves: Leaves): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), ...leaves);
  const [left, right] = split(leaves);
  return sha256(Buffer.of(1), definedRoot(left), definedRoot(right));
}

/** PATH of the RFC. */
function definedPath(index: number, leaves: Leaves): readonly Buffer[] {
  if (leaves.length === 1) return [];
  const [left, right] = split(leaves);
  return index < left.length
    ? [...definedPath(index, left), definedRoot(right)]
    : [...definedPath(index - left.length, right), definedRoot(left)];
}

/** SUBPROOF of the RFC. */
function definedProof(earlier: number, leaves: Leaves, isKnown: boolean): readonly Buffer[] {
  if (earlier === leaves.length) return isKnown ? [] : [definedRoot(leaves)];
  const [left, right] = split(leaves);
  return earlier <= left.length
    ? [...definedProof(earlier, left, isKnown), definedRoot(right)]
    : [...definedProof(earlier - left.length, right, false), definedRoot(left)];
}

const subtreesOf = (leaves: Leaves): Subtrees => {
  const root = async (level: number, index: number): Promise<Hash> => {
    const leaf = leaves[index];
    if (level === 0 && leaf !== undefined) return leafHash(leaf);
    if (level === 0) throw new Error(`there is no leaf ${index}`);
    return nodeHash(await root(level - 1, 2 * index), await root(level - 1, 2 * index + 1));
  };
  return { root };
};

const tree = fc
  .array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 70 })
  .map((leaves) => leaves.map((leaf) => Buffer.from(leaf)))
  .chain((leaves) =>
    fc.record({
      leaves: fc.constant(leaves),
      index: fc.nat({ max: leaves.length - 1 }),
      earlier: fc.nat({ max: leaves.length }),
    }),
  );

test('merkle: roots and proofs of 1,000 random trees equal those of the definitions, and are accepted', async (t) => {
  await fc.assert(
    fc.asyncProperty(tree, async ({ leaves, index, earlier }) => {
      const subtrees = subtreesOf(leaves);
      const size = leaves.length;
      const root = await rootOf(subtrees, size);
      t.deepEqual(root, definedRoot(leaves));
      const path = await inclusionPath(subtrees, index, size);
      t.deepEqual(path, definedPath(index, leaves));
      t.true(isIncluded({ leaf: leafHash(leaves[index] ?? Buffer.of()), index, size, root, path }));
      const proof = await consistencyPath(subtrees, earlier, size);
      if (earlier > 0) t.deepEqual(proof, definedProof(earlier, leaves, true));
      const before = { size: earlier, root: definedRoot(leaves.slice(0, earlier)) };
      t.true(isConsistent(before, { size, root }, proof));
    }),
    { numRuns: 1_000 },
  );
});

/** The hash with one bit changed. */
const flipped = (hash: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

test('merkle: a proof with any change of its hashes, places or sizes is refused', async (t) => {
  const change = fc.record({
    what: fc.constantFrom('flip', 'drop', 'double', 'place', 'size', 'root'),
    at: fc.nat(),
    bit: fc.nat({ max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(tree, change, async ({ leaves, index, earlier }, { what, at, bit }) => {
      const changed = (path: readonly Buffer[]): readonly Buffer[] => {
        const place = at % Math.max(1, path.length);
        if (what === 'flip') return path.map((hash, i) => (i === place ? flipped(hash, bit) : hash));
        if (what === 'drop') return path.filter((_, i) => i !== place);
        return what === 'double' ? path.flatMap((hash, i) => (i === place ? [hash, hash] : [hash])) : path;
      };
      const isOfPath = ['flip', 'drop', 'double'].includes(what);
      const subtrees = subtreesOf(leaves);
      const size = leaves.length;
      const root = definedRoot(leaves);
      const path = await inclusionPath(subtrees, index, size);
      const leaf = leafHash(leaves[index] ?? Buffer.of());
      if (!isOfPath || path.length > 0) {
        const other = what === 'place' ? (index + 1 + (at % size)) % (size + 1) : index;
        const claim = {
          leaf,
          index: other,
          size: what === 'size' ? size * 2 : size,
          root: what === 'root' ? flipped(root, bit) : root,
          path: changed(path),
        };
        const isSame =
          what === 'place' && (other === index || leafHash(leaves[other] ?? Buffer.of(7)).equals(leaf));
        if (!isSame) t.false(isIncluded(claim), JSON.stringify({ what, size, index, other }));
      }
      const proof = await consistencyPath(subtrees, earlier, size);
      if (earlier === 0 || (isOfPath && proof.length === 0) || what === 'place') return;
      const before = { size: earlier, root: definedRoot(leaves.slice(0, earlier)) };
      const later = {
        size: what === 'size' ? size * 2 : size,
        root: what === 'root' ? flipped(root, bit) : root,
      };
      t.false(isConsistent(before, later, changed(proof)), JSON.stringify({ what, size, earlier }));
    }),
    { numRuns: 500 },
  );
});

test('merkle: given sizes and places that no tree has, then no proof is accepted', (t) => {
  const hash = leafHash(Buffer.of(1));
  for (const size of [-1, 0.5, Number.NaN, Infinity, 2 ** 53, 0]) {
    t.false(isIncluded({ leaf: hash, index: 0, size, root: hash, path: [] }), `size ${size}`);
    t.false(isIncluded({ leaf: hash, index: size, size: 1, root: hash, path: [hash] }), `index ${size}`);
  }
  for (const [earlier, later] of [
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [1, Infinity],
    [Number.NaN, Number.NaN],
  ] as const) {
    t.false(
      isConsistent({ size: earlier, root: hash }, { size: later, root: hash }, []),
      `${earlier} ${later}`,
    );
  }
});

test('merkle: given hashes of another length, then no proof is accepted', async (t) => {
  const subtrees = subtreesOf([1, 2, 3].map((byte) => Buffer.of(byte)));
  const root = await rootOf(subtrees, 3);
  const path = await inclusionPath(subtrees, 0, 3);
  const claim = { leaf: leafHash(Buffer.of(1)), index: 0, size: 3, root };
  const proof = await consistencyPath(subtrees, 1, 3);
  const earlier = { size: 1, root: leafHash(Buffer.of(1)) };
  for (const change of [
    (hash: Buffer) => hash.subarray(1),
    (hash: Buffer) => Buffer.concat([hash, hash]),
    () => Buffer.of(),
  ]) {
    t.false(isIncluded({ ...claim, path: path.map(change) }));
    t.false(isIncluded({ ...claim, leaf: change(claim.leaf), path }));
    t.false(isConsistent(earlier, { size: 3, root }, proof.map(change)));
    t.false(isConsistent({ ...earlier, root: change(earlier.root) }, { size: 3, root }, proof));
  }
});

// The tree of the reference implementation of Certificate Transparency (merkletree/merkle_tree_test.cc).
test('merkle: the known tree of eight leaves has its known root', async (t) => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const subtrees = subtreesOf(leaves.map((leaf) => Buffer.from(leaf, 'hex')));
  const root = await rootOf(subtrees, 8);
  t.is(root.toString('hex'), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  t.is(
    (await rootOf(subtrees, 0)).toString('hex'),
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});
