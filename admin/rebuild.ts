// The command `partyline admin rebuild`: rebuilds the derived tables from the log, also while a tracker is running.
import { startReplay, whyUnknown } from '../actors/host.js';
import { derivedTables, trackerProjections } from '../actors/projections/derived.js';
import { rebuildTables } from '../core/events/derived/rebuild.js';
import { openShadow } from '../core/events/derived/shadow.js';
import type { AdminHome } from './home.js';
import { counted } from './progress.js';
import { brokenLog, unknownEvent } from './verify.js';

/** Resolves with the result as a sentence. Throws an `OperatorError` and changes nothing if the log is damaged. */
export async function rebuildHome(
  home: Pick<AdminHome, 'file' | 'isHeadSigned' | 'seals'>,
  onProgress: (position: number) => void,
): Promise<string> {
  for (;;) {
    const result = await rebuildOnce(home, onProgress);
    if (result !== null) return result;
  }
}

/** Null if the operator quarantined or released an event during the rebuild. */
async function rebuildOnce(
  { file, isHeadSigned, seals }: Pick<AdminHome, 'file' | 'isHeadSigned' | 'seals'>,
  onProgress: (position: number) => void,
): Promise<string | null> {
  const shadow = openShadow({ file, tables: derivedTables, forWriting: true });
  try {
    const result = await rebuildTables({
      shadow,
      projections: trackerProjections,
      isHeadSigned,
      whyUnknown,
      snapshots: { seals, startReplay },
      onProgress,
    });
    if (result.kind === 'outdated') return null;
    if (result.kind === 'broken') throw brokenLog(result.position, result.reason);
    if (result.kind === 'unknown') throw unknownEvent(result.unknown);
    const { position, rowsChanged, isTreeChanged, snapshotsChanged } = result;
    const rows = `${derivedTables.join(', ')}: rebuilt from ${counted(position)} events; ${counted(rowsChanged)} rows removed or added`;
    const tree = isTreeChanged ? 'Merkle tree built again' : 'Merkle tree correct';
    return `${rows}; ${tree}; ${counted(snapshotsChanged)} snapshots made again or removed`;
  } finally {
    shadow.close();
  }
}
