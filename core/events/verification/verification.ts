// The verification of a log and its derived tables, while other processes write. docs/how-to/look-at-the-log.md names
// the changes that it cannot detect.
import type { Head } from '../chain.js';
import { createDerivation, type UnknownEvent } from '../derived/derivation.js';
import type { WhyUnknown } from '../event.js';
import { createLogCheck, type Fault, type IsHeadSigned } from './log-check.js';
import type { QuarantinedPlace } from '../quarantine/quarantines.js';
import { readLogHead } from './log-reader.js';
import type { Projection } from '../derived/projector.js';
import type { Difference, Shadow } from '../derived/shadow.js';
import { readTiles, type WrongTile, wrongTile } from './tree-check.js';
import { type SnapshotCheck, type WrongSnapshot, wrongSnapshots } from './snapshot-check.js';

export interface VerificationParts {
  /** A fresh shadow with the derived tables of `projections`. */
  readonly shadow: Shadow;
  readonly projections: readonly Projection[];
  readonly isHeadSigned: IsHeadSigned;
  /** Default: every event is known. */
  readonly whyUnknown?: WhyUnknown;
  /** Default: snapshots are not checked. */
  readonly snapshots?: SnapshotCheck;
  /** Called at intervals with the position reached. */
  readonly onProgress: (position: number) => void;
}

export interface Proven {
  readonly head: Head;
  readonly streams: number;
  readonly redacted: number;
  /** The events that the operator quarantined, in the order of the log. */
  readonly quarantined: readonly QuarantinedPlace[];
}

export type Verification =
  /** The operator quarantined or released an event during the check. Check again with a fresh shadow. */
  | { readonly kind: 'outdated' }
  | ({ readonly kind: 'intact' } & Proven)
  /** The log has no fault before this position. */
  | ({ readonly kind: 'broken' } & Fault)
  /** The log has no fault, but this version does not know an event, so that the tables cannot be compared. */
  | ({ readonly kind: 'unknown' } & Proven & { readonly unknown: UnknownEvent })
  /** The log has no fault, but a derived table differs. */
  | ({ readonly kind: 'different' } & Proven & { readonly difference: Difference })
  /** The log and the tables have no fault, but a tile of the Merkle tree is wrong. */
  | ({ readonly kind: 'wrongTile' } & Proven & { readonly wrong: WrongTile })
  /** The log, the tables and the tree have no fault, but a snapshot is wrong. */
  | ({ readonly kind: 'wrongSnapshot' } & Proven & { readonly wrong: WrongSnapshot });

/**
 * Checks all events and fills shadow tables in addition to the tables in use. Memory use grows only with the number of
 * streams.
 */
export async function verifyLog(parts: VerificationParts): Promise<Verification> {
  const { shadow, isHeadSigned, snapshots } = parts;
  await shadow.prepare();
  const check = createLogCheck(isHeadSigned);
  const derivation = createDerivation({ ...parts, check });
  const fault = await derivation.continue();
  if (fault !== null) return { kind: 'broken', ...fault };
  // The last events, the head and the tables are read as of one moment.
  await shadow.sql.run('BEGIN');
  const late = (await derivation.continueInTransaction()) ?? check.end(await readLogHead(shadow.sql));
  const { unknown, quarantines, isOutdated } = derivation;
  const difference = late === null && unknown === null ? await shadow.difference() : null;
  const tiles = await readTiles(shadow.sql);
  await shadow.sql.run('COMMIT');
  if (late !== null) return { kind: 'broken', ...late };
  if (isOutdated) return { kind: 'outdated' };
  const { head, streams, redacted } = check;
  const proven = { head, streams, redacted, quarantined: [...quarantines.values()] };
  if (unknown !== null) return { kind: 'unknown', ...proven, unknown };
  if (difference !== null) return { kind: 'different', ...proven, difference };
  const tile = await wrongTile(shadow.sql, tiles, check.head.position);
  if (tile !== null) return { kind: 'wrongTile', ...proven, wrong: tile };
  if (snapshots !== undefined) {
    for await (const wrong of wrongSnapshots(shadow.sql, snapshots, quarantines)) {
      return { kind: 'wrongSnapshot', ...proven, wrong };
    }
  }
  return { kind: 'intact', ...proven };
}
