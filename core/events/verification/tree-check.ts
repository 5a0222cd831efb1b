// The check of the stored Merkle tree: it must have exactly the complete tiles of the log's events. It changes nothing.
import { foldOf, type Hash, leafHash } from '../../merkle/hashing.js';
import { TILE_HASHES } from '../derived/log-tree.js';
import type { Row, Sql } from '../sql/sql.js';
import { events, logTree } from '../sql/tables.js';
import { decoded, uncheckedColumnsOf } from './log-reader.js';

/** A tile of the stored tree that is wrong. */
export interface WrongTile {
  readonly level: unknown;
  readonly place: unknown;
  /** Completes "the tile …". */
  readonly problem: 'differs from the log' | 'is missing' | 'is not in the log';
}

const TILES = `SELECT ${uncheckedColumnsOf(logTree)} FROM log_tree`;
const LEAVES = `SELECT ${uncheckedColumnsOf(events, ['hash'])} FROM events
  WHERE position > ? ORDER BY events.position LIMIT ?`;

/** Returns the unchecked rows of the stored tree. Call it in one transaction with the read of the log's end. */
export async function readTiles(sql: Pick<Sql, 'all'>): Promise<readonly Row[]> {
  return (await sql.all(TILES)).map(decoded);
}

/** The first wrong tile among `stored`; null if all are correct. The first `size` events must have no fault. */
export async function wrongTile(
  sql: Pick<Sql, 'all'>,
  stored: readonly Row[],
  size: number,
): Promise<WrongTile | null> {
  const expected = await expectedTiles(sql, size);
  for (const { level, place, hash } of stored) {
    const right = expected.get(`${String(level)} ${String(place)}`);
    if (right === undefined) return { level, place, problem: 'is not in the log' };
    if (right.hash.toString('hex') !== hash) return { level, place, problem: 'differs from the log' };
    expected.delete(`${String(level)} ${String(place)}`);
  }
  for (const { level, place } of expected.values()) return { level, place, problem: 'is missing' };
  return null;
}

interface Tile {
  readonly level: number;
  readonly place: number;
  readonly hash: Hash;
}

async function expectedTiles(sql: Pick<Sql, 'all'>, size: number): Promise<Map<string, Tile>> {
  const tiles = new Map<string, Tile>();
  let below: Hash[] = [];
  for (let place = 0; place < Math.floor(size / TILE_HASHES); place += 1) {
    const rows = (await sql.all(LEAVES, [place * TILE_HASHES, TILE_HASHES])).map(decoded);
    below.push(foldOf(rows.map(({ hash }) => leafHash(Buffer.from(String(hash), 'hex')))));
  }
  for (let level = 1; below.length > 0; level += 1) {
    for (const [place, hash] of below.entries()) tiles.set(`${level} ${place}`, { level, place, hash });
    const above: Hash[] = [];
    for (let first = 0; first + TILE_HASHES <= below.length; first += TILE_HASHES) {
      above.push(foldOf(below.slice(first, first + TILE_HASHES)));
    }
    below = above;
  }
  return tiles;
}
