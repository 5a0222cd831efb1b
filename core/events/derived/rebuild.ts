// The rebuild of the derived tables from the log, while the tracker runs. Writers wait only for three short transactions: one
// applies the last events and replaces the rows that differ, one replaces wrong snapshots, and one builds a wrong Merkle tree
// again.
import { isDeepStrictEqual } from 'node:util';
import { createDerivation, type UnknownEvent } from './derivation.js';
import { growTree } from './log-tree.js';
import { readTiles, wrongTile } from '../verification/tree-check.js';
import { createLogCheck, type Fault } from '../verification/log-check.js';
import { readLogHead } from '../verification/log-reader.js';
import { type WrongSnapshot, wrongSnapshots } from '../verification/snapshot-check.js';
import type { VerificationParts } from '../verification/verification.js';
import { type Quarantines, readQuarantines } from '../quarantine/quarantines.js';
import type { Sql } from '../sql/sql.js';
import { upsertInto } from '../sql/table.js';
import { snapshots } from '../sql/tables.js';
import type { Shadow } from './shadow.js';

export type Rebuild =
  | {
      readonly kind: 'rebuilt';
      /** The position that the tables reflect. */
      readonly position: number;
      /** The number of rows deleted or inserted. Correct rows are not touched. */
      readonly rowsChanged: number;
      /** Whether the stored Merkle tree was wrong and was built again. */
      readonly isTreeChanged: boolean;
      /** The number of wrong snapshots that were replaced or deleted. */
      readonly snapshotsChanged: number;
    }
  /** Nothing was changed: the operator quarantined or released an event during the rebuild. Rebuild again with a fresh shadow. */
  | { readonly kind: 'outdated' }
  /** Nothing was changed: the log itself has a fault at this position. */
  | ({ readonly kind: 'broken' } & Fault)
  /** Nothing was changed: this version does not know an event, so that it cannot derive the tables. */
  | { readonly kind: 'unknown'; readonly unknown: UnknownEvent };

/** Needs a shadow opened for writing. If the rebuild rejects, or the process dies, the tables are unchanged. */
export async function rebuildTables(parts: VerificationParts): Promise<Rebuild> {
  const { shadow, isHeadSigned, snapshots: snapshotCheck } = parts;
  await shadow.prepare();
  const check = createLogCheck(isHeadSigned);
  const derivation = createDerivation({ ...parts, check });
  const fault = await derivation.continue();
  if (fault !== null) return { kind: 'broken', ...fault };
  await shadow.sql.begin();
  try {
    const late = (await derivation.continueInTransaction()) ?? check.end(await readLogHead(shadow.sql));
    const { unknown, quarantines, isOutdated } = derivation;
    if (late !== null || unknown !== null || isOutdated) await shadow.sql.rollback();
    if (isOutdated) return { kind: 'outdated' };
    if (late !== null) return { kind: 'broken', ...late };
    if (unknown !== null) return { kind: 'unknown', unknown };
    const rowsChanged = await shadow.replace();
    await shadow.sql.commit();
    const wrong: WrongSnapshot[] = [];
    if (snapshotCheck !== undefined) {
      for await (const one of wrongSnapshots(shadow.sql, snapshotCheck, quarantines)) {
        wrong.push(one);
      }
    }
    await replaceSnapshots(shadow, wrong, quarantines);
    const { position } = check.head;
    const isTreeChanged = await rebuildTree(shadow);
    return { kind: 'rebuilt', position, rowsChanged, isTreeChanged, snapshotsChanged: wrong.length };
  } catch (thrown) {
    await shadow.sql.rollback();
    throw thrown;
  }
}

/** Builds the Merkle tree again if the stored tree is wrong. Resolves with whether it was wrong. */
async function rebuildTree({ sql }: Shadow): Promise<boolean> {
  await sql.run('BEGIN');
  const size = await logSize(sql);
  const tiles = await readTiles(sql);
  await sql.run('COMMIT');
  if ((await wrongTile(sql, tiles, size)) === null) return false;
  await sql.begin();
  await sql.run('DELETE FROM log_tree');
  await growTree(sql, 0, await logSize(sql));
  await sql.commit();
  return true;
}

const logSize = async (sql: Pick<Sql, 'all'>): Promise<number> =>
  Number((await readLogHead(sql))?.['position'] ?? 0);

/** @param quarantines the quarantines with which the correct snapshots were made */
async function replaceSnapshots(
  { sql }: Shadow,
  wrong: readonly WrongSnapshot[],
  quarantines: Quarantines,
): Promise<void> {
  if (wrong.length === 0) return;
  await sql.begin();
  const areRight = isDeepStrictEqual(await readQuarantines(sql), quarantines);
  for (const { rowId, right } of wrong) {
    await sql.run('DELETE FROM snapshots WHERE rowid = ?', [rowId]);
    if (right !== null && areRight) await sql.run(...upsertInto(snapshots, right));
  }
  await sql.commit();
}
