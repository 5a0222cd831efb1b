// The verification of a log and its derived tables, while other processes write. docs/how-to/look-at-the-log.md names
// the changes that it cannot detect.
import type { Head } from '../chain.js';
import { derive, deriveRest } from '../derived/derivation.js';
import { createLogCheck, type Fault, type IsHeadSigned } from './log-check.js';
import { readLogHead } from './log-reader.js';
import type { Projection } from '../derived/projector.js';
import type { Difference, Shadow } from '../derived/shadow.js';

export interface VerificationParts {
  /** A fresh shadow with the derived tables of `projections`. */
  readonly shadow: Shadow;
  readonly projections: readonly Projection[];
  readonly isHeadSigned: IsHeadSigned;
  /** Called at intervals with the position reached. */
  readonly onProgress: (position: number) => void;
}

export interface Proven {
  readonly head: Head;
  readonly streams: number;
  readonly redacted: number;
}

export type Verification =
  | ({ readonly kind: 'intact' } & Proven)
  /** The log has no fault before this position. */
  | ({ readonly kind: 'broken' } & Fault)
  /** The log has no fault, but a derived table differs. */
  | ({ readonly kind: 'different' } & Proven & { readonly difference: Difference });

/**
 * Checks all events and fills shadow tables in addition to the tables in use. Memory use grows only with the number of
 * streams.
 */
export async function verifyLog(parts: VerificationParts): Promise<Verification> {
  const { shadow, isHeadSigned } = parts;
  await shadow.prepare();
  const check = createLogCheck(isHeadSigned);
  const fault = await derive({ ...parts, check });
  if (fault !== null) return { kind: 'broken', ...fault };
  // The last events, the head and the tables are read as of one moment.
  await shadow.sql.run('BEGIN');
  const late = (await deriveRest({ ...parts, check })) ?? check.end(await readLogHead(shadow.sql));
  const difference = late === null ? await shadow.difference() : null;
  await shadow.sql.run('COMMIT');
  if (late !== null) return { kind: 'broken', ...late };
  const proven = { head: check.head, streams: check.streams, redacted: check.redacted };
  return difference === null ? { kind: 'intact', ...proven } : { kind: 'different', ...proven, difference };
}
