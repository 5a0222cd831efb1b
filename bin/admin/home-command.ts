// The parts that all commands of `partyline admin` share: opening the home, and printing the results.
import { type AdminHome, type HomeOptions, withHome } from '../../admin/home.js';
import { print } from '../../admin/output.js';
import { createProgress } from '../../admin/progress.js';
import { readLogHead } from '../../core/events/verification/log-reader.js';
import { systemClock } from '../../core/time/clock.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { TRACKER_HOME } from '../../client/profile/local-invite.js';
import type { Values } from '../options.js';
import { wrapped } from '../wrapped.js';

export type OfHome = Values<'home'>;
export type Readable = OfHome & { readonly json?: boolean };

/** Writes a table for people. On a terminal, a long text wraps within its own column. */
export function tell(lines: readonly string[]): Promise<void> {
  return print(
    process.stdout,
    lines.map((line) => wrapped(line, process.stdout, column(line))),
  );
}

const column = (line: string): number => /^\S+ {2,}/.exec(line)?.[0].length ?? 0;

export function inHome<T>(
  home: string | undefined,
  work: (home: AdminHome) => Promise<T>,
  access: HomeOptions['access'] = 'look',
): Promise<T> {
  const migrations = trackerMigrations.map((Migration) => new Migration().name);
  return withHome({ home: home ?? TRACKER_HOME, migrations, access }, work);
}

/** Runs `work` with a progress bar over the positions of the log. */
export async function withProgress<T>(
  { reader }: AdminHome,
  work: (show: (position: number) => void) => Promise<T>,
): Promise<T> {
  const total = Number((await readLogHead(reader))?.['position'] ?? 0);
  const progress = createProgress(process.stderr, total, systemClock);
  try {
    return await work(progress.show);
  } finally {
    progress.end();
  }
}
