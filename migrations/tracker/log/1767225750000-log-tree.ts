// The complete tiles of the Merkle tree over the log's events. The migration also adds the tiles of existing events.
import { hash as digest } from 'node:crypto';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const columns = [
  { name: 'level', type: 'integer', isPrimary: true },
  { name: 'place', type: 'bigint', isPrimary: true },
  { name: 'hash', type: 'varchar', length: '64' },
];

const TILE_HASHES = 256;
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export class LogTree1767225750000 implements MigrationInterface {
  readonly name = 'LogTree1767225750000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: 'log_tree', columns }));
    for (let level = 0; await addLevel(runner, level); level += 1);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('log_tree');
  }
}

/** Adds the tiles over the hashes of `level`; false if the level has too few hashes for a tile. */
async function addLevel(runner: QueryRunner, level: number): Promise<boolean> {
  for (let place = 0; ; place += 1) {
    const hashes = await hashesOf(runner, level, place * TILE_HASHES);
    if (hashes.length < TILE_HASHES) return place > 0;
    await runner.query('INSERT INTO log_tree (level, place, hash) VALUES (?, ?, ?)', [
      level + 1,
      place,
      rootOf(hashes).toString('hex'),
    ]);
  }
}

/** Up to 256 hashes of a level, from the place `first` on. */
async function hashesOf(runner: QueryRunner, level: number, first: number): Promise<readonly Buffer[]> {
  const rows: readonly { readonly hash: string }[] =
    level === 0
      ? await runner.query('SELECT hash FROM events WHERE position > ? ORDER BY position LIMIT 256', [first])
      : await runner.query(
          'SELECT hash FROM log_tree WHERE level = ? AND place >= ? ORDER BY place LIMIT 256',
          [level, first],
        );
  const hashes = rows.map(({ hash }) => Buffer.from(hash, 'hex'));
  return level === 0 ? hashes.map((hash) => sha256(LEAF, hash)) : hashes;
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const [first, ...others] = hashes;
  if (first === undefined) throw new Error('a tile has hashes');
  if (others.length === 0) return first;
  const middle = hashes.length / 2;
  return sha256(NODE, rootOf(hashes.slice(0, middle)), rootOf(hashes.slice(middle)));
}

const sha256 = (...parts: readonly Buffer[]): Buffer => digest('sha256', Buffer.concat(parts), 'buffer');
