// A temporary folder per spec, deleted when the spec ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keeper } from './keeper.js';

/** A new empty folder in the system's temporary folder. */
export async function temporaryFolder(t: Keeper): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
