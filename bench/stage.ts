// A tracker as a process of its own in a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTracker } from '../bin/demo/demo.js';
import { type Invite, parseInvite } from '../core/protocol/invite.js';

export interface Stage {
  readonly folder: string;
  readonly inviteText: string;
  readonly invite: Invite;
  close(): Promise<void>;
}

export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const { tracker, invite: inviteText } = await startTracker(join(folder, 'tracker'), env);
  const parsed = parseInvite(inviteText);
  if (!('invite' in parsed)) throw new Error(parsed.refusal);
  return {
    folder,
    inviteText,
    invite: parsed.invite,
    async close() {
      await tracker.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
