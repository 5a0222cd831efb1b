// The sync of the write-ahead log to disk, without blocking the event loop as SQLite's own sync would. Between two checkpoints
// SQLite writes only to the log, so syncing the log suffices. SQLite syncs each checkpoint itself.
import { open } from 'node:fs/promises';

export interface Disk {
  /** Resolves when every earlier commit is on disk; rejects with the system's error. */
  synced(): Promise<void>;
  close(): Promise<void>;
}

/** @param file the path of a database in WAL mode */
export async function diskOf(file: string): Promise<Disk> {
  const log = await open(`${file}-wal`, 'a', 0o600);
  return { synced: () => log.datasync(), close: () => log.close() };
}
