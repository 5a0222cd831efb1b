// The command `partyline admin rebuild`: rebuilds the derived tables from the log, also while a tracker is running.
import { derivedTables, trackerProjections } from '../actors/projections/derived.js';
import { rebuildTables } from '../core/events/derived/rebuild.js';
import { openShadow } from '../core/events/derived/shadow.js';
import type { AdminHome } from './home.js';
import { counted } from './progress.js';
import { brokenLog } from './verify.js';

/** Resolves with the result as a sentence. Throws an `OperatorError` and changes nothing if the log is damaged. */
export async function rebuildHome(
  { file, isHeadSigned }: AdminHome,
  onProgress: (position: number) => void,
): Promise<string> {
  const shadow = openShadow({ file, tables: derivedTables, forWriting: true });
  try {
    const result = await rebuildTables({ shadow, projections: trackerProjections, isHeadSigned, onProgress });
    if (result.kind === 'broken') throw brokenLog(result.position, result.reason);
    const { position, rowsChanged } = result;
    return `${derivedTables.join(', ')}: rebuilt from ${counted(position)} events; ${counted(rowsChanged)} rows removed or added`;
  } finally {
    shadow.close();
  }
}
