// The Merkle tree over the hashes of all events: the event at position p is leaf p - 1, and the data of a leaf are the 32 bytes
// of the event's hash. The tree is stored as in C2SP tlog-tiles, without the partial tiles: one hash for each complete tile of
// 256 hashes.
import { LRUCache } from 'lru-cache';
import { invariant } from '../../errors.js';
import { foldOf, type Hash, leafHash } from '../../merkle/hashing.js';
import type { Subtrees } from '../../merkle/tree.js';
import type { ReadSql, Sql } from '../sql/sql.js';
import { upsertInto } from '../sql/table.js';
import { events, logTree } from '../sql/tables.js';

/** A tile has 2^8 hashes. */
const TILE_LEVELS = 8;
export const TILE_HASHES = 2 ** TILE_LEVELS;
/** 1 MB of tiles. */
const TILES_KEPT = 128;
/** 1 MB of roots of complete subtrees, which never change. */
const ROOTS_KEPT = 4_096;

const LEAVES = 'SELECT hash FROM events WHERE position > ? ORDER BY position LIMIT ?';
const HASHES = 'SELECT hash FROM log_tree WHERE level = ? AND place >= ? ORDER BY place LIMIT ?';
const leafRow = events.row.pick({ hash: true });
const hashRow = logTree.row.pick({ hash: true });

/**
 * Adds the tiles that become complete with the events after position `before`, up to position `after`. A log with a gap gets no
 * tile at the gap: it can still be written, and its verification finds the gap.
 */
export async function growTree(sql: Sql, before: number, after: number): Promise<void> {
  let from = Math.floor(before / TILE_HASHES);
  let to = Math.floor(after / TILE_HASHES);
  for (let level = 1; to > from; level += 1) {
    for (let place = from; place < to; place += 1) {
      const hashes = await tileHashes(sql, level - 1, place * TILE_HASHES, TILE_HASHES);
      if (hashes.length < TILE_HASHES) continue;
      await sql.run(...upsertInto(logTree, { level, place, hash: foldOf(hashes).toString('hex') }));
    }
    from = Math.floor(from / TILE_HASHES);
    to = Math.floor(to / TILE_HASHES);
  }
}

/** The complete subtrees of the stored tree. */
export function createLogTree(reads: ReadSql): Subtrees {
  const tiles = new LRUCache<string, readonly Hash[]>({ max: TILES_KEPT });
  const roots = new LRUCache<string, Hash>({ max: ROOTS_KEPT });

  /** The hashes of a tile; only complete tiles are cached, because incomplete tiles still grow. */
  async function tile(level: number, first: number, needed: number): Promise<readonly Hash[]> {
    const start = Math.floor(first / TILE_HASHES) * TILE_HASHES;
    const key = `${level} ${start}`;
    const kept = tiles.get(key);
    if (kept !== undefined) return kept.slice(first - start, first - start + needed);
    const hashes = await tileHashes(reads, level, start, TILE_HASHES);
    if (hashes.length === TILE_HASHES) tiles.set(key, hashes);
    return hashes.slice(first - start, first - start + needed);
  }

  return {
    async root(level, index) {
      const key = `${level} ${index}`;
      const kept = roots.get(key);
      if (kept !== undefined) return kept;
      const tileLevel = Math.floor(level / TILE_LEVELS);
      const needed = 2 ** (level % TILE_LEVELS);
      const hashes = await tile(tileLevel, index * needed, needed);
      invariant(hashes.length === needed, `the log has no subtree ${index} of level ${level}`);
      const root = foldOf(hashes);
      roots.set(key, root);
      return root;
    },
  };
}

/**
 * Up to `count` hashes of a tile level from `first` on: at level 0 the hashes of leaves, at a higher level the hashes of complete
 * tiles of the level below.
 */
async function tileHashes(
  sql: ReadSql,
  level: number,
  first: number,
  count: number,
): Promise<readonly Hash[]> {
  if (level > 0) {
    const rows = await sql.all(HASHES, [level, first, count]);
    return rows.map((row) => Buffer.from(hashRow.parse(row).hash, 'hex'));
  }
  const rows = await sql.all(LEAVES, [first, count]);
  return rows.map((row) => leafHash(Buffer.from(leafRow.parse(row).hash, 'hex')));
}
