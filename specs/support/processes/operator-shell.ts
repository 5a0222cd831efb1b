// The shell of an operator in the folder of Partyline, whose default home is the one of a spec's tracker.
import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Stage } from './tracker-process.js';
import { temporaryFolder } from '../folder.js';
import type { Keeper } from '../keeper.js';

const BIN = fileURLToPath(new URL('../../../../bin', import.meta.url));
const runFile = promisify(execFile);

export interface OperatorShell {
  /** Runs a line. Resolves with its output. Rejects with its errors if it fails. */
  run(line: string): Promise<string>;
  /** Whether the last line that was run has shown this line. Times, ids, hashes and the width of columns may differ. */
  hasShown(line: string): boolean;
}

export async function openOperatorShell(t: Keeper, { home }: Pick<Stage, 'home'>): Promise<OperatorShell> {
  const folder = await temporaryFolder(t);
  await symlink(BIN, join(folder, 'bin'));
  await symlink(home, join(folder, '.partyline'));
  let shown: readonly string[] = [];
  return {
    async run(line) {
      const { stdout, stderr } = await runFile('/bin/sh', ['-c', line], { cwd: folder });
      shown = (stdout + stderr).split('\n').map(lasting);
      return stdout + stderr;
    },
    hasShown: (line) => shown.includes(lasting(line)),
  };
}

/** The part of a line that is the same in every run. */
const lasting = (line: string): string =>
  line
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, 'ID')
    .replaceAll(/\b[\da-f]{32,64}\b/g, 'HASH')
    .replaceAll(/\s+/g, ' ')
    .trim();
