// The rebuild of the derived tables from the log, while the tracker runs. Writers wait only for one transaction, which
// applies the last events and replaces the rows that differ.
import { derive, deriveRest } from './derivation.js';
import { createLogCheck, type Fault } from '../verification/log-check.js';
import { readLogHead } from '../verification/log-reader.js';
import type { VerificationParts } from '../verification/verification.js';

export type Rebuild =
  | {
      readonly kind: 'rebuilt';
      /** The position that the tables reflect. */
      readonly position: number;
      /** The number of rows deleted or inserted. Correct rows are not touched. */
      readonly rowsChanged: number;
    }
  /** Nothing was changed: the log itself has a fault at this position. */
  | ({ readonly kind: 'broken' } & Fault);

/** Needs a shadow opened for writing. If it rejects, or the process dies, the tables are unchanged. */
export async function rebuildTables(parts: VerificationParts): Promise<Rebuild> {
  const { shadow, isHeadSigned } = parts;
  await shadow.prepare();
  const check = createLogCheck(isHeadSigned);
  const fault = await derive({ ...parts, check });
  if (fault !== null) return { kind: 'broken', ...fault };
  await shadow.sql.begin();
  try {
    const late = (await deriveRest({ ...parts, check })) ?? check.end(await readLogHead(shadow.sql));
    if (late !== null) {
      await shadow.sql.rollback();
      return { kind: 'broken', ...late };
    }
    const rowsChanged = await shadow.replace();
    await shadow.sql.commit();
    return { kind: 'rebuilt', position: check.head.position, rowsChanged };
  } catch (thrown) {
    await shadow.sql.rollback();
    throw thrown;
  }
}
