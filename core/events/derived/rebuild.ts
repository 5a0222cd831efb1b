// Replaces the derived tables by what the log says, while the tracker serves: it waits only while the last events are
// taken and rows that differ are replaced, in one transaction.
import { derive, deriveRest } from './derivation.js';
import { createLogCheck, type Fault } from '../verification/log-check.js';
import { readLogHead } from '../verification/log-reader.js';
import type { VerificationParts } from '../verification/verification.js';

export type Rebuild =
  | {
      readonly kind: 'rebuilt';
      /** The position that the tables reflect. */
      readonly position: number;
      /** Rows taken out or put in; those that were as the log says were left alone. */
      readonly rowsChanged: number;
    }
  /** Nothing was changed: the log itself is not right from this position on. */
  | ({ readonly kind: 'broken' } & Fault);

/** Takes a shadow for writing. If it rejects, or this process dies, the tables are as they were. */
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
