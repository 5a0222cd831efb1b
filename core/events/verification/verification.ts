// Proves a log and its derived tables, while others go on writing. What nobody can prove from the inside is named in
// docs/how-to/look-at-the-log.md.
import type { Head } from '../chain.js';
import { derive, deriveRest } from '../derived/derivation.js';
import { createLogCheck, type Fault, type IsHeadSigned } from './log-check.js';
import { readLogHead } from './log-reader.js';
import type { Projection } from '../derived/projector.js';
import type { Difference, Shadow } from '../derived/shadow.js';

export interface VerificationParts {
  /** New, and of the derived tables of `projections`. */
  readonly shadow: Shadow;
  readonly projections: readonly Projection[];
  readonly isHeadSigned: IsHeadSigned;
  /** Called now and then with the position reached. */
  readonly onProgress: (position: number) => void;
}

export interface Proven {
  readonly head: Head;
  readonly streams: number;
  readonly redacted: number;
}

export type Verification =
  | ({ readonly kind: 'intact' } & Proven)
  /** The log is right up to the position before. */
  | ({ readonly kind: 'broken' } & Fault)
  /** The log is right, a table derived from it is not. */
  | ({ readonly kind: 'different' } & Proven & { readonly difference: Difference });

/** Checks all events and derives the tables anew beside those in use. Memory does not grow with the log but by its streams. */
export async function verifyLog(parts: VerificationParts): Promise<Verification> {
  const { shadow, isHeadSigned } = parts;
  await shadow.prepare();
  const check = createLogCheck(isHeadSigned);
  const fault = await derive({ ...parts, check });
  if (fault !== null) return { kind: 'broken', ...fault };
  // The rest, the head and the tables as they were at one moment.
  await shadow.sql.run('BEGIN');
  const late = (await deriveRest({ ...parts, check })) ?? check.end(await readLogHead(shadow.sql));
  const difference = late === null ? await shadow.difference() : null;
  await shadow.sql.run('COMMIT');
  if (late !== null) return { kind: 'broken', ...late };
  const proven = { head: check.head, streams: check.streams, redacted: check.redacted };
  return difference === null ? { kind: 'intact', ...proven } : { kind: 'different', ...proven, difference };
}
