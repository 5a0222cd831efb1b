// A tracker in a separate process, with its home in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTracker } from '../bin/demo/demo.js';
import { type Invite, parseInvite } from '../core/protocol/invite.js';

export interface TrackerProcess {
  readonly folder: string;
  /** The tracker's home, inside the folder. */
  readonly home: string;
  readonly pid: number;
  readonly inviteText: string;
  readonly invite: Invite;
  close(): Promise<void>;
}

/** @param prepare fills the home before the tracker starts */
export async function startTrackerProcess(
  env: Readonly<Record<string, string>> = {},
  prepare: (home: string) => Promise<void> = async () => undefined,
): Promise<TrackerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const home = join(folder, 'tracker');
  await prepare(home);
  const { tracker, invite: inviteText } = await startTracker(home, env);
  const parsed = parseInvite(inviteText);
  if (!('invite' in parsed)) throw new Error(parsed.refusal);
  return {
    folder,
    home,
    pid: tracker.pid,
    inviteText,
    invite: parsed.invite,
    async close() {
      await tracker.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
