// Waits until what was committed is on the disk, while keys and links are served: SQLite itself would hold up the program
// meanwhile, for as long as a disk takes. It adds to its log alone between two checkpoints, which it syncs on its own.
import { open } from 'node:fs/promises';

export interface Disk {
  /** Resolves when all that was committed before is on the disk; fails with the system's error. */
  synced(): Promise<void>;
  close(): Promise<void>;
}

/** @param file of a database in WAL mode */
export async function diskOf(file: string): Promise<Disk> {
  const log = await open(`${file}-wal`, 'a', 0o600);
  return { synced: () => log.datasync(), close: () => log.close() };
}
