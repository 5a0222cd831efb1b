// The stored Merkle tree of the log, compared with the tree of all event hashes in memory.
import test, { type ExecutionContext } from 'ava';
import { foldOf, type Hash, leafHash, nodeHash } from '../../../core/merkle/hashing.js';
import { isConsistent, isIncluded } from '../../../core/merkle/proof.js';
import { consistencyPath, inclusionPath, rootOf } from '../../../core/merkle/tree.js';
import { createLogTree } from '../../../core/events/derived/log-tree.js';
import { readTiles, wrongTile } from '../../../core/events/verification/tree-check.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import { append, event } from './samples.js';
import { type Engine, openEngine } from './temporary.js';

const eventHash = (position: number): string => position.toString(16).padStart(64, '0');

/** Adds events up to `position`, with meaningful hashes only, and moves the head to `position`. */
async function extendTo(engine: Engine, position: number): Promise<void> {
  await engine.writer.extend(async (sql, head) => {
    await sql.run(
      `INSERT INTO events (position, stream, version, type, schema_version, payload, personal, salt, personal_digest,
         metadata, recorded_at, hash)
       WITH RECURSIVE n (i) AS (SELECT ? + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       SELECT i, 's', i, 'Rung', 1, '{}', NULL, NULL, NULL, '{}', 0, printf('%064x', i) FROM n`,
      [head.position, position],
    );
    return { kind: 'keep', value: undefined, head: { position, hash: eventHash(position) } };
  });
}

const leavesUpTo = (size: number): readonly Hash[] =>
  Array.from({ length: size }, (_, index) => leafHash(Buffer.from(eventHash(index + 1), 'hex')));

/** The root over all leaves, computed from the definition. */
function definedRoot(leaves: readonly Hash[]): Hash {
  const [first] = leaves;
  if (leaves.length < 2) return first ?? leafHash(Buffer.of());
  const middle = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return Number.isInteger(Math.log2(leaves.length))
    ? foldOf(leaves)
    : nodeHash(definedRoot(leaves.slice(0, middle)), definedRoot(leaves.slice(middle)));
}

const wrongIn = async ({ database }: Engine, size: number) =>
  wrongTile(database.reads, await readTiles(database.reads), size);

const SIZES = [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_100];

test('log tree: grown in steps of any length, it has the roots and proofs of the whole log', async (t) => {
  const engine = await openEngine(t);
  const leaves = leavesUpTo(SIZES.at(-1) ?? 0);
  const tree = createLogTree(engine.database.reads);
  let before = { size: 0, root: await rootOf(tree, 0) };
  for (const size of SIZES) {
    await extendTo(engine, size);
    const root = await rootOf(tree, size);
    t.deepEqual(root, definedRoot(leaves.slice(0, size)), `the root at ${size}`);
    const later = { size, root };
    t.true(
      isConsistent(before, later, await consistencyPath(tree, before.size, size)),
      `from ${before.size}`,
    );
    for (const index of new Set([0, Math.floor(size / 2), size - 1])) {
      const leaf = leaves[index] ?? leafHash(Buffer.of());
      const path = await inclusionPath(tree, index, size);
      t.true(isIncluded({ leaf, index, size, root, path }), `leaf ${index} of ${size}`);
    }
    before = later;
  }
  t.is(await wrongIn(engine, before.size), null);
  // Earlier roots stay provable.
  t.deepEqual(await rootOf(tree, 300), definedRoot(leaves.slice(0, 300)));
});

const CHANGES: readonly (readonly [change: string, statement: string, problem: object])[] = [
  [
    'changed',
    `UPDATE log_tree SET hash = printf('%064x', 7) WHERE level = 1 AND place = 2`,
    { level: 1, place: 2, problem: 'differs from the log' },
  ],
  [
    'no text',
    `UPDATE log_tree SET hash = 7 WHERE level = 1 AND place = 0`,
    { level: 1, place: 0, problem: 'differs from the log' },
  ],
  [
    'missing',
    'DELETE FROM log_tree WHERE level = 1 AND place = 1',
    { level: 1, place: 1, problem: 'is missing' },
  ],
  [
    'of a later event',
    `INSERT INTO log_tree VALUES (1, 3, printf('%064x', 7))`,
    { level: 1, place: 3, problem: 'is not in the log' },
  ],
  [
    'of no level',
    `INSERT INTO log_tree VALUES (9, 0, printf('%064x', 7))`,
    { level: 9, place: 0, problem: 'is not in the log' },
  ],
];

for (const [change, statement, problem] of CHANGES) {
  test(`log tree: given a tile that is ${change}, then the check names it`, async (t) => {
    const engine = await openEngine(t);
    await extendTo(engine, 800);
    t.is(await wrongIn(engine, 800), null);
    await engine.writer.write((sql) => sql.run(statement));
    t.like(await wrongIn(engine, 800), problem);
  });
}

test('log tree: given an append that is undone, then the tree does not grow', async (t) => {
  const engine = await openEngine(t);
  await extendTo(engine, 255);
  await t.throwsAsync(
    engine.writer.extend(async (sql) => {
      await sql.run(`UPDATE events SET hash = '' WHERE position = 1`);
      throw new Error('undone');
    }),
  );
  t.deepEqual(await readTiles(engine.database.reads), []);
  await extendTo(engine, 256);
  t.is(await wrongIn(engine, 256), null);
  t.is((await readTiles(engine.database.reads)).length, 1);
});

test('log tree: real appends in one batch extend it', async (t) => {
  const engine = await openEngine(t);
  const events = Array.from({ length: 100 }, () => event('Rung'));
  await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((stream) => engine.store.append(append(stream, 0, { events }))),
  );
  t.is((await readTiles(engine.database.reads)).length, 2);
  t.is(await wrongIn(engine, 600), null);
});

/** A database with a log of an older version. */
async function oldLog(t: ExecutionContext, size: number): Promise<Engine> {
  const engine = await openEngine(t);
  await extendTo(engine, size);
  await engine.writer.write(async (sql) => {
    await sql.run('DROP TABLE log_tree');
    await sql.run("DELETE FROM migrations WHERE name = 'LogTree1767225750000'");
  });
  return engine;
}

test('log tree: given a log of an older version, then its upgrade makes the tree', async (t) => {
  for (const size of [0, 100, 256, 66_000]) {
    const { file } = await oldLog(t, size);
    const database = await openDatabase({ file, migrations: trackerMigrations, tables: [] });
    t.teardown(() => database.close());
    t.is(await wrongTile(database.reads, await readTiles(database.reads), size), null, `${size} events`);
  }
});
